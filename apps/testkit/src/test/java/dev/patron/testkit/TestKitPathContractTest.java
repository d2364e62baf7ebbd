package dev.patron.testkit;

import dev.patron.endpoint.contract.ContractStorefront;
import dev.patron.endpoint.contract.PathContract;

final class TestKitPathContractTest extends PathContract {

    @Override
    protected ContractStorefront start() {
        return new TestKitContractStorefront();
    }
}
