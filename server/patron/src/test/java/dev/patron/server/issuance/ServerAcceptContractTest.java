package dev.patron.server.issuance;

import dev.patron.endpoint.contract.AcceptContract;
import dev.patron.endpoint.contract.ContractStorefront;

final class ServerAcceptContractTest extends AcceptContract {

    @Override
    protected ContractStorefront start() {
        return new ServerContractStorefront();
    }
}
