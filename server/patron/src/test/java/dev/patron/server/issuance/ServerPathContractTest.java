package dev.patron.server.issuance;

import dev.patron.endpoint.contract.ContractStorefront;
import dev.patron.endpoint.contract.PathContract;

final class ServerPathContractTest extends PathContract {

    @Override
    protected ContractStorefront start() {
        return new ServerContractStorefront();
    }
}
