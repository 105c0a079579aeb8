package io.claviger.console.accounts;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.accounts.OwnToken;
import io.claviger.application.accounts.OwnToken.NarrowerToken;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.TimeCursor;
import io.claviger.console.accounts.AccountReader.AccountView;
import io.claviger.console.limits.LimitFields;
import io.claviger.console.limits.LimitWords;
import io.claviger.console.page.Days;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.SignInAgain;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenBinding;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.LimitsWrite;
import io.claviger.domain.projects.Project;
import io.claviger.web.json.Times;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the access tokens that a page shows, and the form that creates an access token. */
final class TokenSection {
  private static final String NARROWER = "narrower";

  private static final Set<String> FIELDS =
      Stream.concat(
              Stream.of(
                  "name",
                  "scope",
                  NARROWER,
                  "service",
                  "project",
                  "until",
                  "networks",
                  "certificate"),
              LimitFields.names("").stream())
          .collect(Collectors.toUnmodifiableSet());

  private final AccessTokens tokens;
  private final OwnToken ownToken;

  public TokenSection(AccessTokens tokens, OwnToken ownToken) {
    this.tokens = tokens;
    this.ownToken = ownToken;
  }

  /**
   * Returns one page of the access tokens of a user.
   *
   * @param path the path of the page that shows the tokens
   * @param mayMake whether the page offers to create an access token
   * @param after the position in the list after which the page begins, as given in the page's
   *     address; empty for the first page
   * @param fresh the text of the token that was just created; null if no token was created
   */
  public AccountView.Tokens page(
      Actor actor,
      Handle user,
      String path,
      boolean mayMake,
      String after,
      @Nullable String fresh,
      FormState form) {
    Optional<TimeCursor> position =
        Optional.of(after).filter(s -> !s.isEmpty()).map(TokenSection::cursor);
    Page<AccessToken, TimeCursor> page =
        Problems.valueOf(
            tokens.list(actor, user, new PageRequest<>(position, PageRequest.DEFAULT_LIMIT)));
    return new AccountView.Tokens(
        path,
        mayMake,
        mayMake ? narrowable(actor, user).map(token -> token.name().value()).orElse(null) : null,
        page.items().stream().map(token -> line(token, actor)).toList(),
        page.next()
            .map(last -> Links.to(path).with("after", last.at() + "_" + last.id()).toString())
            .orElse(null),
        fresh,
        form);
  }

  /**
   * Returns the token with which the viewer signed in, because the form can make a token with fewer
   * rights from it. The result is empty if the page is about the tokens of another user.
   */
  private static Optional<AccessToken> narrowable(Actor actor, Handle user) {
    return actor
        .token()
        .filter(token -> actor.handle().equals(user))
        .filter(token -> token.origin() != AccessToken.Origin.ENVIRONMENT);
  }

  /**
   * Creates the access token that the form describes: either an independent token, or a token that
   * is narrower than the token with which the viewer signed in.
   *
   * @throws io.claviger.web.json.InvalidInput with all faults of the form
   */
  public IssuedToken issue(Form form, SessionActor who, Handle user) {
    Actor actor = who.actor();
    NewToken wanted = wanted(form, actor);
    if (form.value(NARROWER).isEmpty()) {
      return Problems.valueOf(tokens.issue(actor, who.session(), user, wanted));
    }
    Fields fields = new Fields(form);
    if (narrowable(actor, user).isEmpty()) {
      fields.fault(
          NARROWER,
          "You can make a narrower token only for yourself, and only if you"
              + " signed in with an access token.");
    }
    if (wanted.scope().filter(scope -> scope != TokenScope.USE).isPresent()) {
      fields.fault("scope", "A narrower token always has the scope \"use\".");
    }
    return Problems.valueOf(ownToken.narrow(actor, fields.check(() -> narrower(wanted))));
  }

  private static NarrowerToken narrower(NewToken wanted) {
    return new NarrowerToken(
        wanted.name(),
        wanted.service(),
        wanted.project(),
        LimitsWrite.of(wanted.limits()),
        wanted.expiresAt().<Field<Instant>>map(Field::of).orElseGet(Field::absent),
        wanted.binding());
  }

  /**
   * Reads the form. If the session began with a token that expires or has limits, the new token
   * expires at the same time and has the same limits. Values that the user typed take precedence
   * over these values.
   *
   * @throws io.claviger.web.json.InvalidInput with all faults of the form
   */
  private static NewToken wanted(Form form, Actor actor) {
    Fields fields = new Fields(form);
    Optional<TokenName> name =
        fields.required("name", "Name the program that will use the token.", TokenName::new);
    Optional<TokenScope> scope = fields.optional("scope", TokenScope::of);
    Optional<Instance.Ref> service = fields.optional("service", Instance.Ref::of);
    Optional<Project.Ref> project = fields.optional("project", Project.Ref::of);
    Optional<Instant> until = fields.optional("until", day -> Days.end("until", day));
    Optional<List<AddressNet>> networks = fields.optional("networks", TokenSection::networks);
    Optional<CertificateThumbprint> certificate =
        fields.optional("certificate", TokenSection::certificate);
    Limits limits =
        LimitFields.read(fields, "")
            .orElse(actor.token().map(AccessToken::limits).orElse(Limits.NONE));
    return fields.check(
        () ->
            new NewToken(
                name.orElseThrow(),
                scope,
                until.or(() -> actor.token().flatMap(AccessToken::expiresAt)),
                service,
                project,
                limits,
                false,
                new TokenBinding(networks.orElse(List.of()), certificate),
                false));
  }

  /** Returns the form as it was sent, with its faults. */
  public static FormState refused(Form form, Problem problem) {
    return SignInAgain.offered(
        problem, FormState.sent(form, FIELDS).with(problem, TokenSection::fieldOf));
  }

  /** Returns the name of the form's field to which a JSON pointer leads. */
  static String fieldOf(String pointer) {
    return switch (pointer) {
      case "/expires_at" -> "until";
      case "/bound_to/certificate_sha256" -> "certificate";
      default -> FormState.fieldOf(pointer);
    };
  }

  /**
   * Revokes a token. If the token has been revoked already, nothing happens, because the browser
   * might have sent the form twice.
   *
   * @param id the id of the token, as the address of the token's page contains it
   */
  public AccessToken.Id revoke(Actor actor, Handle user, String id) {
    AccessToken.Id token = id(id);
    return switch (tokens.revoke(actor, user, token)) {
      case Outcome.Done<AccessToken.Id> done -> token;
      case Outcome.Refused<AccessToken.Id> refused -> {
        if (!(refused.why() instanceof Refusal.NotFound)) {
          throw Problems.refusal(refused.why());
        }
        yield token;
      }
    };
  }

  private static AccessToken.Id id(String text) {
    try {
      return new AccessToken.Id(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("id", "the id of an access token");
    }
  }

  private static AccountView.TokenLine line(AccessToken token, Actor actor) {
    return new AccountView.TokenLine(
        token.id().value().toString(),
        token.name().value(),
        token.scope().wireName(),
        token.restriction().map(TokenSection::only).orElse(null),
        token.parent().isPresent(),
        LimitWords.of(token.limits()),
        token.limits().storage().ofUser(),
        token.createdAt().toString(),
        token.expiresAt().map(Instant::toString).orElse(null),
        token.lastUsedAt().map(Instant::toString).orElse(null),
        actor.tokenId().equals(Optional.of(token.id())),
        token.imported().map(AccessToken.Imported::from).orElse(null),
        token
            .imported()
            .flatMap(AccessToken.Imported::serviceRefs)
            .map(refs -> refs.isEmpty() ? "none that still exists" : String.join(", ", refs))
            .orElse(null),
        bound(token.binding()),
        token.stray().map(stray -> stray.at().toString()).orElse(null),
        token.stray().map(AccessToken.Stray::from).orElse(null));
  }

  /**
   * Returns the networks or the certificate to which a token is bound, as a phrase; null if the
   * token is accepted from everywhere.
   */
  private static @Nullable String bound(TokenBinding binding) {
    if (binding.isNone()) {
      return null;
    }
    String networks =
        binding.networks().stream().map(AddressNet::text).collect(Collectors.joining(", "));
    return binding.certificate().isEmpty()
        ? networks
        : networks.isEmpty() ? "a certificate" : networks + " and a certificate";
  }

  private static String only(TokenRestriction restriction) {
    return switch (restriction) {
      case TokenRestriction.ToService one -> one.ref();
      case TokenRestriction.ToProject one -> "project " + one.ref();
    };
  }

  private static List<AddressNet> networks(String text) {
    List<AddressNet> networks = new ArrayList<>();
    for (String one : text.strip().split("[,\\s]+", -1)) {
      networks.add(
          AddressNet.parse(one)
              .orElseThrow(
                  () ->
                      new InvalidValue(
                          "networks",
                          AddressNet.otherBits(one)
                              .orElse("addresses or networks such as 10.0.0.0/8"))));
    }
    return TokenBinding.boundedNetworks(networks);
  }

  private static CertificateThumbprint certificate(String text) {
    try {
      return new CertificateThumbprint(text.strip());
    } catch (InvalidValue e) {
      throw new InvalidValue("certificate", e.allowed());
    }
  }

  private static TimeCursor cursor(String text) {
    int end = text.indexOf('_');
    try {
      return new TimeCursor(
          Times.parse("after", text.substring(0, Math.max(end, 0))),
          UUID.fromString(text.substring(end + 1)));
    } catch (InvalidValue | IllegalArgumentException e) {
      throw new InvalidValue("after", "as in the link to the next page");
    }
  }
}
