package dev.patron.server.issuance;

import dev.patron.endpoint.contract.ContractStorefront;
import dev.patron.endpoint.contract.OriginContract;

final class ServerOriginContractTest extends OriginContract {

    @Override
    protected ContractStorefront start() {
        return new ServerContractStorefront();
    }
}
