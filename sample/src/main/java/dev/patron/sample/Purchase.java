package dev.patron.sample;

/**
 * A product that a customer has bought, as the shop's page shows it.
 *
 * @param path the product's page, a path of the shop
 * @param picture the address of its picture
 * @param price what the customer paid for one, such as {@code €22.00}
 */
record Purchase(long productId, String name, String path, String picture, String price) {

    /** What puts one into the cart, a path of the shop. */
    public String cartPath() {
        return "/cart.php?action=add&product_id=" + productId;
    }
}
