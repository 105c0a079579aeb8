package io.claviger.application.gateway;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Organization;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.usage.UsageAccount;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * All that it takes to make one call: where to, how, and with which key. It holds secrets in the
 * clear for the length of the call and is closed at its end.
 *
 * @param service how the service is named to this caller: {@code owner/handle}, or the project's
 *     for a member who can't see it
 * @param key empty when the service needs none
 * @param systemLevel whether the service may reach private addresses
 * @param models the only ones that may be asked for; empty where any may
 * @param ground on what strength, and on whose account
 */
public record AuthorizedCall(
    String service,
    Endpoint endpoint,
    ApiStandard standard,
    KeySource source,
    Optional<Secret> key,
    CustomHeaders headers,
    Optional<Organization> organization,
    Timeout timeout,
    boolean systemLevel,
    Optional<Set<ModelPattern>> models,
    AuthorizationBasis ground)
    implements AutoCloseable {

  /**
   * On what strength a call is made, and on whose account.
   *
   * @param keySetAt since when the key that is used is stored; empty where none is. To seal it anew
   *     makes no other key of it
   * @param standard by which the service is spoken to
   * @param headersVersion which of the service's custom header values are sent; to seal them anew
   *     makes no other ones of them
   * @param models the only ones that may be asked for; empty where any may
   */
  public record AuthorizationBasis(
      UsageAccount account,
      KeySource source,
      Destination destination,
      Optional<Instant> keySetAt,
      Handle standard,
      Optional<Organization> organization,
      long headersVersion,
      Optional<Set<ModelPattern>> models) {

    /**
     * Whether a call that began on this ground may go on on another: it goes to the same place, on
     * the same account, with the same key, headers and organization, and every model that it may
     * have asked for is still allowed.
     */
    public boolean isHeldBy(AuthorizationBasis now) {
      return account.equals(now.account)
          && source == now.source
          && destination.equals(now.destination)
          && keySetAt.equals(now.keySetAt)
          && standard.equals(now.standard)
          && organization.equals(now.organization)
          && headersVersion == now.headersVersion
          && (now.models.isEmpty()
              || (models.isPresent() && ModelPattern.cover(now.models.get(), models.get())));
    }
  }

  /** Whose service it is; {@code _system} for one of everybody's. */
  public UserId owner() {
    return ground.account().owner();
  }

  @Override
  public void close() {
    key.ifPresent(Secret::close);
    headers.close();
  }
}
