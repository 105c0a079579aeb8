package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenPrefix;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.TokenRate;
import io.claviger.domain.projects.Project;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An access token of scope manage, without expiry, restriction and limits, unless said otherwise.
 */
public final class AToken {
  private final User user;
  private TokenName name = new TokenName("laptop");
  private TokenScope scope = TokenScope.MANAGE;
  private AccessToken.Origin origin = AccessToken.Origin.USER;
  private Optional<TokenRestriction> restriction = Optional.empty();
  private Limits limits = Limits.NONE;
  private InheritedLimits inherited = InheritedLimits.NONE;
  private Instant createdAt = Seeds.SEEDED_AT;
  private Optional<Instant> expiresAt = Optional.empty();
  private Optional<AccessToken.Imported> imported = Optional.empty();
  private TokenBinding binding = TokenBinding.NONE;

  private AToken(User user) {
    this.user = user;
  }

  public static AToken of(User user) {
    return new AToken(user);
  }

  public AToken name(String text) {
    this.name = new TokenName(text);
    return this;
  }

  public AToken scope(TokenScope given) {
    this.scope = given;
    return this;
  }

  public AToken origin(AccessToken.Origin given) {
    this.origin = given;
    return this;
  }

  /** Restricts the token to a service. The token then has the scope {@code use}. */
  public AToken onlyFor(Instance service) {
    this.scope = TokenScope.USE;
    this.restriction =
        Optional.of(new TokenRestriction.ToService(service.id().value(), service.ref().toString()));
    return this;
  }

  /** Restricts the token to a project. The token then has the scope {@code use}. */
  public AToken onlyFor(Project project) {
    this.scope = TokenScope.USE;
    this.restriction =
        Optional.of(new TokenRestriction.ToProject(project.id().value(), project.ref().toString()));
    return this;
  }

  public AToken limits(Limits given) {
    this.limits = given;
    return this;
  }

  public AToken inherited(InheritedLimits limits) {
    this.inherited = limits;
    return this;
  }

  public AToken inheritedRates(TokenRate... given) {
    this.inherited = InheritedLimits.of(List.of(given));
    return this;
  }

  public AToken createdAt(Instant instant) {
    this.createdAt = instant;
    return this;
  }

  public AToken expiresAt(Instant instant) {
    this.expiresAt = Optional.of(instant);
    return this;
  }

  /** Makes the token a token of another system, which ends at this time. */
  public AToken imported(String from, String prefix, Instant end) {
    this.scope = TokenScope.USE;
    this.origin = AccessToken.Origin.IMPORTED;
    this.imported = Optional.of(new AccessToken.Imported(from, new TokenPrefix(prefix)));
    return expiresAt(end);
  }

  /** Makes the token a token of another system for calls of these services. */
  public AToken importedFor(Instant end, Instance... services) {
    AToken same = imported("litellm", "sk-", end);
    this.imported =
        Optional.of(
            new AccessToken.Imported(
                "litellm",
                new TokenPrefix("sk-"),
                Optional.of(
                    Stream.of(services).map(i -> i.id().value()).collect(Collectors.toSet()))));
    return same;
  }

  /** Makes the token one that is accepted only from these networks. */
  public AToken bound(TokenBinding to) {
    this.binding = to;
    return this;
  }

  public AccessToken build() {
    return new AccessToken(
        new AccessToken.Id(TestIds.next()),
        user.id(),
        name,
        scope,
        new AccessToken.Provenance(origin, Optional.empty(), Optional.empty(), imported),
        restriction,
        limits,
        inherited,
        createdAt,
        expiresAt,
        Optional.empty(),
        Optional.empty(),
        binding,
        Optional.empty());
  }
}
