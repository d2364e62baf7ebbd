package dev.patron.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows a wrong property as what it is, without a stack trace. */
final class PatronFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPatronPropertyException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidPatronPropertyException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.cure(), cause);
    }
}
