package io.claviger.application.rejectedkeys.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that a provider has rejected, and with which no call has succeeded since the rejection.
 *
 * @param role the role that a share of the viewer's own gives to the viewer; empty if the viewer
 *     has no such share, only shares of groups or none
 * @param own whether this is the viewer's own key for the service; false if it is the service's key
 * @param since the time at which the provider first rejected the key
 * @param last the time at which the provider last rejected the key, to the minute
 * @param status the status code of the provider's answer
 */
public record RejectedKey(
    Instance.Id service,
    Instance.Ref ref,
    User.Id owner,
    Optional<Role> role,
    boolean own,
    Instant since,
    Instant last,
    int status) {}
