package io.claviger.domain.instances;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.standards.KeyPlacement;
import java.time.Instant;
import java.util.Optional;

/**
 * An instance with what a call through it needs, and nothing else: many of these are held in
 * memory.
 *
 * @param apiKeySetAt when the stored key was set; empty when none is stored
 * @param headersVersion the version of the instance that set its custom header values; 0 where it
 *     has had none
 */
public record CallableInstance(
    InstanceId id,
    UserId owner,
    InstanceRef ref,
    Provider provider,
    Endpoint endpoint,
    KeyPlacement placement,
    Optional<Organization> organization,
    Timeout timeout,
    boolean enabled,
    KeyPolicy keyPolicy,
    Limits limits,
    Optional<Instant> apiKeySetAt,
    long headersVersion)
    implements KeyedInstance {}
