package dev.patron.sandbox.management;

/** Parts of a store's data, each with a scope for changing it and one for reading it ({@code contract.md} section 4.3). */
enum Area {
    PRODUCTS("store_v2_products"),
    ORDERS("store_v2_orders"),
    CUSTOMERS("store_v2_customers"),
    INFORMATION("store_v2_information"),
    CONTENT("store_v2_content");

    private final String scope;

    Area(String scope) {
        this.scope = scope;
    }

    boolean mayRead(Grant grant) {
        return mayChange(grant) || grant.scopes().contains(scope + "_read_only");
    }

    boolean mayChange(Grant grant) {
        return grant.scopes().contains(scope);
    }
}
