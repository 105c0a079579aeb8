package io.claviger.console.requests;

import io.claviger.console.limits.BudgetWords;
import io.claviger.console.page.Part;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A request for access, as its viewer may see it.
 *
 * @param wanted the terms that are requested, each as a phrase
 * @param mine whether the viewer made the request
 * @param endedBy the user who ended the request; empty while the request is open, or if that user
 *     was deleted
 */
public record BorrowRequestLine(
    String path,
    Instance.Ref service,
    String asker,
    List<List<Part>> wanted,
    Instant askedAt,
    RequestState state,
    boolean mine,
    String endedBy) {
  public BorrowRequestLine {
    wanted = List.copyOf(wanted);
  }

  static BorrowRequestLine of(BorrowRequest request, User.Id viewer) {
    return new BorrowRequestLine(
        RequestPages.pathOf(request.id()),
        request.serviceFor(viewer),
        request.asker().handle().value(),
        WishWords.of(request.terms()),
        request.askedAt(),
        request.state(),
        request.sideOf(viewer) == RequestSide.BY_ME,
        request.endedBy().map(Handle::value).orElse(""));
  }

  public String stateWord() {
    return isOpen() && !mine ? "waits for you" : state.wireName();
  }

  /** Returns the CSS class that gives the state its colour. */
  public String tone() {
    return switch (state) {
      case OPEN -> mine ? "muted" : "warn";
      case GRANTED -> "good";
      case DECLINED, WITHDRAWN -> "muted";
    };
  }

  public boolean isOpen() {
    return state == RequestState.OPEN;
  }

  /**
   * Describes the requested terms in words. The names of models are isolated from the words around
   * them, because the asker might have chosen them.
   */
  private static final class WishWords {
    private WishWords() {}

    /** Returns a phrase for each term, such as {@code the model gpt-5} or {@code $40 a month}. */
    static List<List<Part>> of(RequestedTerms terms) {
      List<List<Part>> phrases = new ArrayList<>();
      terms.role().ifPresent(role -> phrases.add(plain("the role " + role.wireName())));
      terms.models().stream()
          .map(ModelPattern::value)
          .sorted()
          .forEach(model -> phrases.add(List.of(Part.plain("the model "), Part.name(model))));
      terms.operations().stream()
          .map(Operation::value)
          .sorted()
          .forEach(operation -> phrases.add(plain("the operation " + operation)));
      terms
          .budget()
          .ifPresent(budget -> phrases.add(plain("a budget of " + BudgetWords.inFull(budget))));
      terms.until().ifPresent(end -> phrases.add(plain("an end on " + lastDay(end) + " (UTC)")));
      return List.copyOf(phrases);
    }

    private static List<Part> plain(String phrase) {
      return List.of(Part.plain(phrase));
    }

    private static String lastDay(Instant end) {
      return end.minusNanos(1).atZone(ZoneOffset.UTC).toLocalDate().toString();
    }
  }
}
