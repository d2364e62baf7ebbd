package dev.patron.server.issuance;

import dev.patron.endpoint.contract.ContractStorefront;
import dev.patron.endpoint.contract.StatusContract;

final class ServerStatusContractTest extends StatusContract {

    @Override
    protected ContractStorefront start() {
        return new ServerContractStorefront();
    }
}
