package dev.patron.server.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Where the API has what belongs to a store. */
final class Stores {

    private Stores() {}

    /**
     * The path of a store.
     *
     * @throws ParameterException when the hash is none, before anything is sent
     */
    static String path(CommandSpec spec, String storeHash) {
        if (!storeHash.matches("[a-z0-9]{5,32}")) {
            throw new ParameterException(spec.commandLine(), "A store hash has 5 to 32 of the characters a-z and 0-9.");
        }
        return "/api/v1/stores/" + storeHash;
    }
}
