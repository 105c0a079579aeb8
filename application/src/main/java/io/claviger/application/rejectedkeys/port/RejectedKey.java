package io.claviger.application.rejectedkeys.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that a provider has rejected, and with which no call has succeeded since the rejection.
 *
 * @param role the viewer's role because of a share that was given to the viewer and not to a group;
 *     empty if there is no such share
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
