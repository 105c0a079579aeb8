package io.claviger.application.identity;

import io.claviger.application.identity.SignInResult.Reason;
import io.claviger.application.identity.port.IdentityProvider;
import io.claviger.application.identity.port.IdentityProvider.InvalidResponse;
import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import io.claviger.application.identity.port.ProvidedIdentity;
import io.claviger.application.identity.port.SignInStore;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.sessions.BrowserSecret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The nonce and the code verifier are derived from the browser's secret, so that nobody can finish
 * a sign-in with only the data in the database.
 */
final class SignInUseCases implements SignIn {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int SECRET_BYTES = 32;

  private final IdentityProvider provider;
  private final SignInStore attempts;
  private final SignInCompletion completion;
  private final RandomBytes random;
  private final AuditedChanges changes;

  SignInUseCases(
      IdentityProvider provider,
      SignInStore attempts,
      SignInCompletion completion,
      RandomBytes random,
      AuditedChanges changes) {
    this.provider = provider;
    this.attempts = attempts;
    this.completion = completion;
    this.random = random;
    this.changes = changes;
  }

  @Override
  public SignInStart begin(String returnPath, boolean again, String address) {
    return begin(ReturnPath.of(returnPath), Optional.empty(), again, address);
  }

  @Override
  public SignInStart beginLink(SessionActor session, String returnPath, String address) {
    if (!session.actor().isUnlimited()) {
      return new SignInStart.Refused(
          Reason.NOT_ALLOWED,
          "You signed in with an access token that has limits or an expiry. To link an identity,"
              + " sign in with a one-time link, or with a token without limits and expiry.");
    }
    if (!session.session().isRecentAt(changes.now())) {
      return new SignInStart.Refused(
          Reason.NOT_ALLOWED,
          "To link an identity, you must have signed in less than five minutes ago. Sign out, sign"
              + " in again and link it then.");
    }
    return begin(ReturnPath.of(returnPath), Optional.of(session), true, address);
  }

  private SignInStart begin(
      ReturnPath returnPath, Optional<SessionActor> session, boolean again, String address) {
    BrowserSecret state = BrowserSecret.of(random.next(SECRET_BYTES));
    BrowserSecret binding = BrowserSecret.of(random.next(SECRET_BYTES));
    try {
      URI location =
          provider.authorizationUri(state.reveal(), nonce(binding), verifier(binding), again);
      boolean stored =
          attempts.insert(
              new SignInStore.PendingSignIn(
                  state.hash(), binding.hash(), returnPath, session.map(SessionActor::id)),
              address);
      return stored
          ? new SignInStart.Started(location, binding)
          : new SignInStart.Refused(
              Reason.BUSY, "Too many sign-ins have begun. Try again in a few minutes.");
    } catch (ProviderUnavailable e) {
      return new SignInStart.Refused(Reason.PROVIDER_UNAVAILABLE, String.valueOf(e.getMessage()));
    }
  }

  private static String nonce(BrowserSecret binding) {
    return binding.derive("nonce");
  }

  private static String verifier(BrowserSecret binding) {
    return binding.derive("code verifier");
  }

  @Override
  public SignInResult finish(
      Callback callback,
      Optional<BrowserSecret> binding,
      Optional<SessionActor> session,
      String address,
      String requestId) {
    Optional<SignInStore.PendingSignIn> attempt = take(callback, binding);
    if (attempt.isEmpty()) {
      return new SignInResult.Refused(
          Reason.UNKNOWN_ATTEMPT,
          "This sign-in did not begin in this browser, has ended, or took longer than ten"
              + " minutes. Begin again.");
    }
    boolean toLink = attempt.get().session().isPresent();
    Attempting who =
        new Attempting(
            attempt.get().returnPath(),
            toLink,
            session.filter(one -> isOf(attempt.get(), one)).map(SessionActor::actor),
            address,
            requestId);
    Outcome<SignInResult> outcome;
    try {
      outcome = finish(callback, binding.orElseThrow(), who);
    } catch (ProviderUnavailable e) {
      outcome = refused(Reason.PROVIDER_UNAVAILABLE, e, who);
    } catch (InvalidResponse e) {
      outcome = refused(Reason.INVALID_RESPONSE, e, who);
    }
    return switch (outcome) {
      case Outcome.Done<SignInResult> done -> done.value();
      case Outcome.Refused<SignInResult> refused ->
          SignInRefusal.result(refused.why()).of(who.returnPath(), toLink);
    };
  }

  /**
   * The person who attempts to sign in, or to link an identity.
   *
   * @param linking the user who wants to link an identity; empty if nobody wants to, or if the
   *     session of this user has ended
   */
  private record Attempting(
      ReturnPath returnPath,
      boolean toLink,
      Optional<Actor> linking,
      String address,
      String requestId) {}

  private Optional<SignInStore.PendingSignIn> take(
      Callback callback, Optional<BrowserSecret> binding) {
    return callback
        .state()
        .flatMap(
            state ->
                binding.flatMap(
                    own ->
                        attempts.take(BrowserSecret.presented(state).hash(), own.hash(), LONGEST)));
  }

  private Outcome<SignInResult> finish(Callback callback, BrowserSecret binding, Attempting who) {
    if (callback.error().isPresent()) {
      return refused(
          Reason.DECLINED, new InvalidResponse("The identity provider ended the sign-in."), who);
    }
    String code =
        callback
            .code()
            .orElseThrow(() -> new InvalidResponse("The identity provider sent no code."));
    if (who.toLink() && who.linking().isEmpty()) {
      return refused(
          Reason.SESSION_ENDED,
          new InvalidResponse("The session that began this sign-in has ended. Sign in again."),
          who);
    }
    ProvidedIdentity person =
        provider.exchange(code, callback.issuer(), nonce(binding), verifier(binding));
    try {
      return who.linking().isPresent()
          ? completion.link(who.linking().get(), person, who.returnPath())
          : completion.signIn(person, who.returnPath(), who.address(), who.requestId());
    } finally {
      person.grant().map(ProvidedIdentity.Grant::refreshToken).ifPresent(Secret::close);
    }
  }

  private static boolean isOf(SignInStore.PendingSignIn attempt, SessionActor session) {
    return attempt.session().equals(Optional.of(session.id()));
  }

  private Outcome<SignInResult> refused(Reason reason, RuntimeException why, Attempting who) {
    String sentence = String.valueOf(why.getMessage());
    return who.linking().isPresent()
        ? completion.refuseLink(who.linking().get(), reason, sentence)
        : completion.refuse(reason, sentence, who.address(), who.requestId());
  }

  @Override
  public LogoutResult logOut(String logoutToken, String address, String requestId) {
    try {
      IdentityProvider.LoggedOut whose = provider.validateLogout(logoutToken);
      return completion.logOut(whose, address, requestId)
          ? LogoutResult.DONE
          : LogoutResult.UNAVAILABLE;
    } catch (ProviderUnavailable e) {
      return LogoutResult.UNAVAILABLE;
    } catch (InvalidResponse | RefusedException e) {
      return LogoutResult.REJECTED;
    }
  }

  @Override
  public int removeAbandoned() {
    return attempts.deleteOlderThan(LONGEST);
  }
}
