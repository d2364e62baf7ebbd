package dev.patron.testkit;

import dev.patron.endpoint.contract.ContractStorefront;
import dev.patron.endpoint.contract.StatusContract;

final class TestKitStatusContractTest extends StatusContract {

    @Override
    protected ContractStorefront start() {
        return new TestKitContractStorefront();
    }
}
