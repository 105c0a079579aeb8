package io.claviger.console.sharing;

import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.sharing.Sharing;
import io.claviger.console.page.Fields;
import io.claviger.console.page.Part;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Suggestions;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Share;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Describes what a loan permits and what it may cost, before the loan is given. */
final class LoanPreviews {
  private final Instances instances;
  private final Sharing sharing;
  private final Suggestions suggestions;
  private final PriceWarning warning;
  private final PastCost pastCost;

  LoanPreviews(
      Instances instances,
      Sharing sharing,
      Suggestions suggestions,
      PriceWarning warning,
      PastCost pastCost) {
    this.instances = instances;
    this.sharing = sharing;
    this.suggestions = suggestions;
    this.warning = warning;
    this.pastCost = pastCost;
  }

  /** Returns a description of the loan in the form. */
  LoanPreview of(Actor actor, Instance.Ref service, Fields fields) {
    InstanceView seen = Problems.valueOf(instances.find(actor, service));
    try {
      return fields.has(Loan.TO)
          ? of(actor, seen, Loan.of(fields, sharing.now()))
          : of(actor, seen, Loan.termsOf(fields, sharing.now()));
    } catch (RuntimeException e) {
      Problem unreadable = Problems.orThrow(e);
      return unreadable.faults().isEmpty()
          ? LoanPreview.of(List.of(Part.plain(unreadable.detail())), List.of())
          : LoanPreview.NONE;
    }
  }

  LoanPreview of(Actor actor, InstanceView seen, Loan loan) {
    Instance.Ref service = seen.instance().ref();
    boolean met = suggestions.isSeen(actor, loan.to());
    if (!met && (loan.to().isGroup() || actor.administrator())) {
      return LoanPreview.of(
          List.of(), List.of(Part.plain("There is no %s.".formatted(nameOf(loan.to())))));
    }
    List<Part> sentence = new ArrayList<>();
    if (!met) {
      sentence.add(Part.plain("If there is a %s: ".formatted(nameOf(loan.to()))));
    }
    sentence.addAll(LoanSentence.of(loan, service.toString(), sharing.now()));
    return new LoanPreview(
        sentence,
        warning.of(actor, service, loan.terms()),
        maySetPrices(actor, seen) ? ServiceAddress.path(service) + "/prices" : null,
        poolLeft(actor, service, loan).map(Handle::value).orElse(null),
        past(actor, seen, Optional.of(loan.to()), loan.terms()));
  }

  /** Returns the preview for a form without a receiver. */
  LoanPreview of(Actor actor, InstanceView seen, Share.Terms terms) {
    Instance.Ref service = seen.instance().ref();
    return new LoanPreview(
        LoanSentence.of("Whoever you name", terms, service.toString(), sharing.now()),
        warning.of(actor, service, terms),
        maySetPrices(actor, seen) ? ServiceAddress.path(service) + "/prices" : null,
        null,
        past(actor, seen, Optional.empty(), terms));
  }

  /**
   * Returns the cost of recent calls, in words. Returns null if the viewer may not see everybody's
   * calls. The service's owner and administrators may see them.
   */
  private @Nullable String past(
      Actor actor, InstanceView seen, Optional<GranteeName> to, Share.Terms terms) {
    return actor.mayManage() && (actor.administrator() || relationship(actor, seen).owningUser())
        ? pastCost.of(
            actor,
            seen.instance().ref(),
            to,
            terms.limits().budgets().all(),
            LocalDate.now(ZoneOffset.UTC))
        : null;
  }

  private static String nameOf(GranteeName name) {
    return (name.isGroup() ? "group " : "user ") + name;
  }

  /**
   * Returns the group whose pooled limits would no longer apply to the receiver of a loan; empty if
   * there is no such group.
   */
  Optional<Handle> poolLeft(Actor actor, Instance.Ref service, Loan loan) {
    return switch (sharing.poolLeftBy(actor, service, loan.to())) {
      case Outcome.Done<Optional<Handle>> done -> done.value();
      case Outcome.Refused<Optional<Handle>> refused -> Optional.empty();
    };
  }

  private static boolean maySetPrices(Actor actor, InstanceView seen) {
    return actor.mayManage() && Permissions.allows(relationship(actor, seen), Action.SET_PRICES);
  }

  private static Relationship relationship(Actor actor, InstanceView seen) {
    return Relationship.of(
        actor.id(),
        actor.administrator(),
        seen.instance().owner(),
        seen.instance().audience(),
        seen.role());
  }
}
