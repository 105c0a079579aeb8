package io.claviger.domain.objects;

import java.util.Optional;
import java.util.UUID;

/**
 * Who makes a call that uses provider objects.
 *
 * @param user the user who calls
 * @param holder who holds what the call makes: the user, or the project through which they call
 * @param managesProject whether the user owns that project or is a writer in it
 * @param ownsAccount whether the account at the provider is the user's: they own the service, and
 *     call by that and not through a project. An owner share does not make it theirs
 * @param borrower whose quota counts what the call makes: the user whom the service is lent to
 * @param shareHolder the user or group that holds the share by which the call is made; empty if it
 *     needs none
 * @param token the access token of the call
 * @param confined whether the token reaches only what it, or tokens that were narrowed from it,
 *     made
 * @param account which of the accounts the call reaches that the keys of the service reached
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
