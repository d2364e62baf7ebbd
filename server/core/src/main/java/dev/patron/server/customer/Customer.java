package dev.patron.server.customer;

/**
 * A customer of a store. {@link #toString()} tells neither name nor e-mail address.
 *
 * @param key what storage knows the customer by; unique on this server
 * @param storeHash the store; the same person is another customer elsewhere
 * @param id unique in the store, never used again
 * @param email as the customer wrote it
 * @param groupId the customer group, or 0 for none
 * @param disabled a disabled customer cannot sign in and has no session
 * @param revision counts the changes to their names, group and state, from 1
 */
public record Customer(
        long key,
        String storeHash,
        long id,
        String email,
        String firstName,
        String lastName,
        long groupId,
        boolean disabled,
        long revision) {

    @Override
    public String toString() {
        return "Customer[" + storeHash + "/" + id + "]";
    }
}
