package dev.patron.testkit;

import dev.patron.endpoint.contract.AcceptContract;
import dev.patron.endpoint.contract.ContractStorefront;

final class TestKitAcceptContractTest extends AcceptContract {

    @Override
    protected ContractStorefront start() {
        return new TestKitContractStorefront();
    }
}
