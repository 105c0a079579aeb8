package io.claviger.application.rejectedkeys.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that a provider rejected, and with which no call has succeeded since then.
 *
 * @param role the role that the viewer has by a share in the viewer's own name; empty if the viewer
 *     has no such share
 * @param own true for the viewer's own key for the service, false for the service's key
 * @param since the time of the first rejection of the key
 * @param last when the provider last rejected the key, to the minute
 * @param status the status of the provider's answer
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
