package io.claviger.gateway;

import io.claviger.application.budgets.CallSpending;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.TokenText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Authorizes calls with known tokens, and remembers requests and authorized calls. */
public final class TestAuthorizer implements CallAuthorization {
  private final Map<String, Function<CallRequest, AuthorizationOutcome>> byToken =
      new ConcurrentHashMap<>();
  private final Map<String, Function<CallRequest, Optional<AuthorizationOutcome>>> atOnce =
      new ConcurrentHashMap<>();
  private final List<CallRequest> calls = new ArrayList<>();
  private final List<Set<String>> counted = new ArrayList<>();
  private final List<AuthorizedCall> handedOut = new ArrayList<>();
  private final Map<String, AuthorizedCall.AuthorizationBasis> bases = new HashMap<>();
  private volatile IntFunction<Optional<AuthorizationOutcome>> further = more -> Optional.empty();
  private volatile BiFunction<CallRequest, AuthorizedCall.AuthorizationBasis, Optional<CallRefusal>>
      again = (call, basis) -> Optional.empty();
  private final AtomicInteger lookedAgain = new AtomicInteger();

  public void answer(String token, Function<CallRequest, AuthorizationOutcome> outcome) {
    byToken.put(token, outcome);
  }

  public void grant(String token, TestService lent) {
    answer(token, call -> new AuthorizationOutcome.Authorized(lent.authorized(name(call))));
  }

  /** Grants calls to the service, but only for these models. */
  public void grant(String token, TestService lent, String... models) {
    answer(
        token,
        call -> new AuthorizationOutcome.Authorized(lent.allowing(models).authorized(name(call))));
  }

  /**
   * Grants calls to the service. Each body or message that is authorized after the head reserves
   * this spending.
   */
  public void grantReserving(String token, Supplier<CallSpending> spending, TestService lent) {
    answer(
        token,
        call ->
            new AuthorizationOutcome.Authorized(
                lent.authorized(name(call))
                    .with(true, call.stage().isHead() ? CallSpending.NONE : spending.get())));
  }

  /**
   * Grants calls to the service, but refuses each body or message that is authorized after the head
   * while there is a reason.
   */
  public void grantUnless(String token, Supplier<@Nullable CallRefusal> reason, TestService lent) {
    answer(
        token,
        call -> {
          CallRefusal why = call.stage().isHead() ? null : reason.get();
          return why == null
              ? new AuthorizationOutcome.Authorized(lent.authorized(name(call)))
              : new AuthorizationOutcome.Refused(why, Optional.empty());
        });
  }

  /** The outcome on the event loop. Empty means that the blocking method is called. */
  public void answerAtOnce(
      String token, Function<CallRequest, Optional<AuthorizationOutcome>> outcome) {
    atOnce.put(token, outcome);
  }

  public void grantAtOnce(String token, TestService lent) {
    answerAtOnce(
        token,
        call -> Optional.of(new AuthorizationOutcome.Authorized(lent.authorized(name(call)))));
  }

  /** The outcome when active calls are authorized again. */
  public void lookingAgain(Function<CallRequest, Optional<CallRefusal>> answer) {
    again = (call, basis) -> answer.apply(call);
  }

  /** The text of the token, also if only its hash is known. */
  private String text(CallRequest call) {
    return Stream.concat(byToken.keySet().stream(), atOnce.keySet().stream())
        .filter(text -> TokenText.presented(text).hash().equals(call.token().hash()))
        .findFirst()
        .orElse("");
  }

  /** A token is revoked. */
  public void revoke(String token) {
    byToken.remove(token);
    atOnce.remove(token);
  }

  private static String name(CallRequest call) {
    return switch (call.callTarget()) {
      case CallTarget.Service service -> service.ref().toString();
      case CallTarget.OfProject project -> project.ref().toString();
    };
  }

  @Override
  public Optional<AuthorizationOutcome> authorizeAtOnce(CallRequest call) {
    Function<CallRequest, Optional<AuthorizationOutcome>> known = atOnce.get(text(call));
    return known == null ? Optional.empty() : known.apply(call).map(this::remembered);
  }

  @Override
  public boolean presentsBadTokens(String address) {
    return false;
  }

  /** Memory knows this once a call was authorized, until {@link #forget}. */
  @Override
  public Optional<AuthorizedCall.AuthorizationBasis> basisAtOnce(CallRequest call) {
    synchronized (calls) {
      return Optional.ofNullable(bases.get(name(call)));
    }
  }

  /** Memory knows of a change of the service. */
  public void change(String name, TestService to) {
    try (AuthorizedCall changed = to.authorized(name)) {
      synchronized (calls) {
        bases.put(name, changed.basis());
      }
    }
  }

  /** The service is changed, and active calls may continue only if the change permits it. */
  public void restrict(String name, TestService to) {
    change(name, to);
    again =
        (call, basis) ->
            basis.stillHoldsUnder(basisAtOnce(call).orElseThrow())
                ? Optional.empty()
                : Optional.of(CallRefusal.SERVICE_CHANGED);
  }

  /** Memory knows nothing any more, as after a change. */
  public void forget() {
    synchronized (calls) {
      bases.clear();
    }
  }

  @Override
  public Optional<CallRefusal> lookAgain(
      CallRequest call, AuthorizedCall.AuthorizationBasis basis) {
    Optional<CallRefusal> why = again.apply(call, basis);
    lookedAgain.incrementAndGet();
    return why;
  }

  /** Waits until active calls have been authorized again so many times. */
  public void awaitLooksAgain(int more) {
    int before = lookedAgain.get();
    Rig.await(() -> lookedAgain.get() >= before + more);
  }

  /** How many requests were counted in addition to each call, and the outcome. */
  public void countingFurther(IntFunction<Optional<AuthorizationOutcome>> answer) {
    further = answer;
  }

  @Override
  public Optional<AuthorizationOutcome> countFurther(CallRequest call, int more) {
    return further.apply(more);
  }

  @Override
  public AuthorizationOutcome authorize(CallRequest call) {
    synchronized (calls) {
      calls.add(call);
    }
    return remembered(
        byToken
            .getOrDefault(
                text(call),
                c -> new AuthorizationOutcome.Refused(CallRefusal.BAD_TOKEN, Optional.empty()))
            .apply(call));
  }

  @Override
  public AuthorizationOutcome authorizeAgain(CallRequest call, Set<String> countedBefore) {
    synchronized (calls) {
      counted.add(countedBefore);
    }
    return authorize(call);
  }

  /** By which rates each of the {@link #calls} had been counted before. */
  public List<Set<String>> counted() {
    synchronized (calls) {
      return List.copyOf(counted);
    }
  }

  private AuthorizationOutcome remembered(AuthorizationOutcome outcome) {
    if (outcome instanceof AuthorizationOutcome.Authorized authorized) {
      synchronized (calls) {
        handedOut.add(authorized.call());
        bases.put(authorized.call().service(), authorized.call().basis());
      }
    }
    return outcome;
  }

  public List<CallRequest> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  public void awaitHandedOut(int count) {
    Rig.await(() -> handedOut().size() >= count);
  }

  public List<AuthorizedCall> handedOut() {
    synchronized (calls) {
      return List.copyOf(handedOut);
    }
  }
}
