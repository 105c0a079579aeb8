package io.claviger.domain.objects;

import java.util.Optional;
import java.util.UUID;

/**
 * The caller of a call that uses provider objects.
 *
 * @param user the user who calls
 * @param holder who will hold the objects that the call creates: the user, or the project through
 *     which the user calls
 * @param managesProject whether the user is the project's owner or a writer in it
 * @param ownsAccount whether the account at the provider is the user's own: the user owns the
 *     service and does not call through a project. False for a user who has only a share with the
 *     role {@code owner}
 * @param borrower the user to whom the service is lent; the objects that the call creates count
 *     against this user's quota
 * @param shareHolder the user or group with the share that allows the call; empty if no share is
 *     needed
 * @param token the access token of the call
 * @param confined whether the token can use only objects that were created with it or with its
 *     narrower tokens
 * @param account a number that identifies the account that the call reaches at the provider. The
 *     number increases by one each time that the service gets a key for another account
 */
public record ObjectCaller(
    UUID user,
    ObjectHolder holder,
    boolean managesProject,
    boolean ownsAccount,
    UUID borrower,
    Optional<UUID> shareHolder,
    UUID token,
    boolean confined,
    int account) {}
