package io.claviger.domain.objects;

import java.util.Optional;
import java.util.UUID;

/**
 * The caller of a call that uses provider objects.
 *
 * @param user the user who calls
 * @param holder the future holder of the objects that the call creates: the user, or the project
 *     through which the user calls
 * @param managesProject whether the user is the owner or a writer of that project
 * @param ownsAccount whether the account at the provider is the user's own: the user is the owning
 *     user of the service and does not call through a project. The value is false for a user who
 *     only has a share with the role owner
 * @param borrower the user to whom the service is lent; the objects that the call creates count
 *     against this user's quota
 * @param shareHolder the user or group with the share that allows the call; empty if no share is
 *     needed
 * @param token the access token of the call
 * @param confined whether the token has access only to objects that were created with it or with
 *     tokens narrowed from it
 * @param account the number of the account that the call reaches. The accounts that the service's
 *     keys have reached are numbered in order
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
