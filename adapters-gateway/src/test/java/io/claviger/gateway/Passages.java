package io.claviger.gateway;

import io.claviger.application.gateway.AuthorizeCall;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.Passage;
import io.claviger.application.gateway.Through;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Lets those pass whose token is known, and remembers what was asked and handed out. */
final class Passages implements AuthorizeCall {
  private final Map<String, Function<Call, Outcome>> byToken = new ConcurrentHashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<Passage> handedOut = new ArrayList<>();

  void answer(String token, Function<Call, Outcome> outcome) {
    byToken.put(token, outcome);
  }

  void grant(String token, Lent lent) {
    answer(token, call -> new Outcome.Authorized(lent.passage(name(call))));
  }

  private static String name(Call call) {
    return switch (call.through()) {
      case Through.Service service -> service.ref().toString();
      case Through.OfProject project -> project.ref().toString();
    };
  }

  /** Knows nothing at once. */
  @Override
  public Optional<Outcome> authorizeAtOnce(Call call) {
    return Optional.empty();
  }

  @Override
  public Optional<CallRefusal> lookAgain(Call call, Passage.Ground ground) {
    return Optional.empty();
  }

  @Override
  public Outcome authorize(Call call) {
    synchronized (calls) {
      calls.add(call);
    }
    Outcome outcome =
        byToken
            .getOrDefault(
                call.token().reveal(),
                c -> new Outcome.Refused(CallRefusal.BAD_TOKEN, Optional.empty()))
            .apply(call);
    if (outcome instanceof Outcome.Authorized authorized) {
      synchronized (calls) {
        handedOut.add(authorized.passage());
      }
    }
    return outcome;
  }

  List<Call> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }

  List<Passage> handedOut() {
    synchronized (calls) {
      return List.copyOf(handedOut);
    }
  }
}
