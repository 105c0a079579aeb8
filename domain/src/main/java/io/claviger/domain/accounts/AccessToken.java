package io.claviger.domain.accounts;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.TokenBudget;
import io.claviger.domain.policy.TokenPace;
import io.claviger.domain.policy.TokenRate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Everything that Claviger stores about an access token. The token's text is not stored anywhere.
 *
 * @param restriction the only service or project that the token can be used for; a restricted token
 *     always has the scope {@link TokenScope#USE}
 * @param inherited the limits of the access tokens that were used to create this token. Calls with
 *     this token also count against the inherited limits, even after the creating tokens are
 *     deleted
 * @param refreshableUntil the end of the device sign-in that created the token. Until then, a
 *     refresh token may give the token a new text and a new expiry
 * @param binding the networks from which, and the certificate with which, the token is accepted
 * @param stray the last attempt to use the token from an address outside of its networks or without
 *     its certificate; empty if there was no such attempt
 */
public record AccessToken(
    Id id,
    User.Id user,
    TokenName name,
    TokenScope scope,
    Provenance provenance,
    Optional<TokenRestriction> restriction,
    Limits limits,
    InheritedLimits inherited,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsedAt,
    Optional<Instant> refreshableUntil,
    TokenBinding binding,
    Optional<Stray> stray) {

  /**
   * The way in which a token was created. The origin matters because the command line replaces only
   * tokens that the command line created.
   */
  public enum Origin {
    USER,
    FIRST,
    RECOVERY,
    COMMAND,
    ENVIRONMENT,
    /** Created by a device sign-in, which the user approved in a browser (RFC 8628). */
    DEVICE,
    /**
     * Created with another token. The new token can't outlive the creating token or exceed the
     * creating token's rights.
     */
    NARROWED,
    /** Issued for a JWT of a trusted issuer (RFC 8693). */
    EXCHANGED,
    /**
     * Issued by another system. Callers who used the token in that system can also use it at the
     * gateway.
     */
    IMPORTED
  }

  /**
   * The source of a token.
   *
   * @param origin how the token was created: by a user, by a program, by the command line, or from
   *     the environment
   * @param parent the token with which this narrower token was created; if the parent ends, this
   *     token ends too
   * @param exchanged the JWT for which this token, or one of its parents, was issued, and the trust
   *     that accepted the JWT. When the trust ends, the token ends, too
   * @param imported the other system that issued the token's text; empty if Claviger issued it
   */
  public record Provenance(
      Origin origin,
      Optional<Id> parent,
      Optional<Exchanged> exchanged,
      Optional<Imported> imported) {
    public Provenance {
      if (origin == Origin.EXCHANGED && exchanged.isEmpty()) {
        throw new IllegalArgumentException("the JWT of an exchanged token is missing");
      }
      if (exchanged.isPresent() && origin != Origin.EXCHANGED && origin != Origin.NARROWED) {
        throw new IllegalArgumentException(
            "only exchanged and narrowed tokens may come from a JWT");
      }
      if (imported.isPresent() != (origin == Origin.IMPORTED)) {
        throw new IllegalArgumentException("exactly the imported tokens must name another system");
      }
    }

    /**
     * Creates the source of a token that depends on no parent token, no JWT and no other system.
     */
    public static Provenance of(Origin origin) {
      return new Provenance(origin, Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /**
   * The JWT that was exchanged for a token.
   *
   * @param trust the id of the trust that accepted the JWT
   * @param subject the subject of the JWT
   */
  public record Exchanged(UUID trust, String subject) {}

  /**
   * The source of a token whose text Claviger did not issue.
   *
   * @param from the name of the other system, such as {@code litellm}
   * @param prefix the beginning of the token's text
   * @param services the only services that the token can be used for: those for which it was used
   *     in the other system, even if the token's user may use more services. Empty if the token can
   *     be used for all services
   * @param serviceRefs the names of the services in {@code services} that still exist, in
   *     alphabetical order; empty unless the token is read for a list of tokens
   */
  public record Imported(
      String from,
      TokenPrefix prefix,
      Optional<Set<UUID>> services,
      Optional<List<String>> serviceRefs) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    /** Creates the source of an imported token that can be used for all services. */
    public Imported(String from, TokenPrefix prefix) {
      this(from, prefix, Optional.empty());
    }

    /** Creates the source of an imported token, without the names of the services. */
    public Imported(String from, TokenPrefix prefix, Optional<Set<UUID>> services) {
      this(from, prefix, services, Optional.empty());
    }

    public Imported {
      services = services.map(Set::copyOf);
      serviceRefs = serviceRefs.map(List::copyOf);
      if (!NAME.matcher(from).matches()) {
        throw new InvalidValue(
            "imported_from", "1 to 40 lower-case letters, digits and hyphens; first a letter");
      }
    }
  }

  /**
   * An attempt to use a bound token from an address outside of its networks, or without its
   * certificate, which can mean that somebody has stolen the token.
   *
   * @param from the address from which the token was presented. If there were several addresses, a
   *     network that contains all of them
   */
  public record Stray(Instant at, String from) {}

  /** Creates a token of scope {@link TokenScope#USE} for a text that another system issued. */
  public static AccessToken imported(
      Id id,
      User.Id user,
      TokenName name,
      Imported imported,
      Optional<TokenRestriction> restriction,
      Limits limits,
      Instant createdAt,
      Instant expiresAt) {
    return issued(
        id,
        user,
        name,
        new Provenance(Origin.IMPORTED, Optional.empty(), Optional.empty(), Optional.of(imported)),
        restriction,
        limits,
        createdAt,
        expiresAt);
  }

  /** Creates a token of scope {@link TokenScope#USE} for a JWT. */
  public static AccessToken exchanged(
      Id id,
      User.Id user,
      TokenName name,
      Exchanged exchanged,
      Instant createdAt,
      Instant expiresAt) {
    Provenance provenance =
        new Provenance(
            Origin.EXCHANGED, Optional.empty(), Optional.of(exchanged), Optional.empty());
    return issued(id, user, name, provenance, Optional.empty(), Limits.NONE, createdAt, expiresAt);
  }

  private static AccessToken issued(
      Id id,
      User.Id user,
      TokenName name,
      Provenance provenance,
      Optional<TokenRestriction> restriction,
      Limits limits,
      Instant createdAt,
      Instant expiresAt) {
    return new AccessToken(
        id,
        user,
        name,
        TokenScope.USE,
        provenance,
        restriction,
        limits,
        InheritedLimits.NONE,
        createdAt,
        Optional.of(expiresAt),
        Optional.empty(),
        Optional.empty(),
        TokenBinding.NONE,
        Optional.empty());
  }

  public AccessToken {
    if (restriction.isPresent() && scope != TokenScope.USE) {
      throw new IllegalArgumentException("a restricted token must have the scope use");
    }
    if (provenance.parent().isPresent() && scope != TokenScope.USE) {
      throw new IllegalArgumentException("a narrower token must have the scope use");
    }
    if (provenance.imported().isPresent() && (scope != TokenScope.USE || expiresAt.isEmpty())) {
      throw new IllegalArgumentException("an imported token must have the scope use and an expiry");
    }
  }

  public Origin origin() {
    return provenance.origin();
  }

  public Optional<Id> parent() {
    return provenance.parent();
  }

  public Optional<Exchanged> exchanged() {
    return provenance.exchanged();
  }

  public Optional<Imported> imported() {
    return provenance.imported();
  }

  public Optional<String> presentedSubject() {
    return exchanged().map(Exchanged::subject);
  }

  /** Returns this token after a refresh, with the given text and expiry. */
  public AccessToken refreshed(Instant newExpiry) {
    return with(provenance, Optional.of(newExpiry), binding);
  }

  /** Returns this token with the given binding. */
  public AccessToken bound(TokenBinding to) {
    return with(provenance, expiresAt, to);
  }

  /** Returns this token with the names of the services for which the token was imported. */
  public AccessToken withImportedServices(List<String> refs) {
    Imported from = imported().orElseThrow();
    return with(
        new Provenance(
            provenance.origin(),
            provenance.parent(),
            provenance.exchanged(),
            Optional.of(
                new Imported(from.from(), from.prefix(), from.services(), Optional.of(refs)))),
        expiresAt,
        binding);
  }

  private AccessToken with(Provenance source, Optional<Instant> end, TokenBinding to) {
    return new AccessToken(
        id,
        user,
        name,
        scope,
        source,
        restriction,
        limits,
        inherited,
        createdAt,
        end,
        lastUsedAt,
        refreshableUntil,
        to,
        stray);
  }

  /**
   * Returns the limits that a new token inherits when this token is used to create the new token.
   */
  public InheritedLimits passedOn() {
    return new InheritedLimits(
        TokenRate.passedOn(inherited.rates(), id.value(), limits.requestsPerMinute()),
        TokenBudget.passedOn(inherited.budgets(), id.value(), limits.budgets()),
        TokenPace.passedOn(inherited.paces(), id.value(), limits.pace()));
  }

  /**
   * Returns all limits against which calls with this token count: the token's own limits and the
   * inherited limits.
   */
  public CallLimits.Token asCallToken() {
    return new CallLimits.Token(id.value(), limits, inherited);
  }

  /**
   * Whether the token can be used to call the given service directly, not only through a project.
   */
  public boolean allowsService(UUID service) {
    return restriction.map(only -> only.allowsService(service)).orElse(true)
        && imported().flatMap(Imported::services).map(all -> all.contains(service)).orElse(true);
  }

  /** Whether the token can be used to call a service through the given project. */
  public boolean allowsProject(UUID project) {
    return restriction.map(only -> only.allowsProject(project)).orElse(true)
        && imported().flatMap(Imported::services).isEmpty();
  }

  /**
   * Whether the token can use only those objects at providers that were created with this token or
   * with its narrower tokens.
   */
  public boolean isConfined() {
    return (restriction.isPresent() || parent().isPresent()) && !limits.storage().ofUser();
  }

  /**
   * Whether the token may do everything that its user may do, from any address, without limits and
   * without an expiry.
   */
  public boolean isUnlimited() {
    return scope == TokenScope.MANAGE
        && restriction.isEmpty()
        && limits.equals(Limits.NONE)
        && inherited.equals(InheritedLimits.NONE)
        && expiresAt.isEmpty()
        && refreshableUntil.isEmpty()
        && parent().isEmpty()
        && exchanged().isEmpty()
        && binding.isNone();
  }

  /** Whether the token belongs to a device sign-in that has not ended. */
  public boolean isRefreshableAt(Instant now) {
    return refreshableUntil.filter(now::isBefore).isPresent();
  }

  public boolean expiredAt(Instant now) {
    return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
  }

  /**
   * Identifies an access token in lists and in the audit trail. Knowing the id of a token grants no
   * access.
   */
  public record Id(UUID value) {}
}
