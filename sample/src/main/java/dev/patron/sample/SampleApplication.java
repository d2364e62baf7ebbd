package dev.patron.sample;

import java.time.InstantSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Starts the app. */
@SpringBootApplication
@EnableConfigurationProperties(PlatformProperties.class)
public class SampleApplication {

    /** Made by Spring. */
    public SampleApplication() {}

    /** The app's time. */
    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    /** Starts it, until the process is told to stop. */
    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(SampleApplication.class);
        application.addListeners(new DatabaseFile());
        application.run(arguments);
    }
}
