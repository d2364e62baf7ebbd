package dev.patron.testkit;

import dev.patron.endpoint.contract.ContractStorefront;
import dev.patron.endpoint.contract.OriginContract;

final class TestKitOriginContractTest extends OriginContract {

    @Override
    protected ContractStorefront start() {
        return new TestKitContractStorefront();
    }
}
