package io.claviger.console.identity;

import io.claviger.application.accounts.Users;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.Identities.AssignedIdentity;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.console.accounts.KnownTokens;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets administrators link an account of the identity provider to a user, and unlink it. */
public final class IdentityPages implements ConsolePage {
  private static final String PATH = "/console/people/{user}/identity";
  private static final Set<String> FIELDS = Set.of("issuer", "subject");

  private final Users users;
  private final Identities identities;
  private final Views views;

  public IdentityPages(Users users, Identities identities, Views views) {
    this.users = users;
    this.identities = identities;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, PATH, visit -> show(visit, 200, null, FormState.EMPTY), this::link);
    routes.pageAt(PATH + "/unlink").openPost(visitors.signedIn(this::unlink));
  }

  private void link(Visit visit) {
    Submission.answer(
        visit,
        FIELDS,
        form -> {
          AssignedIdentity assigned =
              Problems.valueOf(
                  identities.assign(visit.signedIn().actor(), user(visit), identity(form)));
          if (assigned.ended().isPresent()) {
            show(visit, 200, assigned.ended().get().sentence(), FormState.EMPTY);
          } else {
            visit.redirect(path(user(visit)));
          }
        },
        (problem, sent) -> show(visit, problem.status(), null, sent.with(problem)));
  }

  private static Identity identity(Form form) {
    Fields fields = new Fields(form);
    Optional<Issuer> issuer =
        fields.required("issuer", "Give the address of the issuer.", Issuer::new);
    Optional<Subject> subject =
        fields.required("subject", "Give the person's subject at the issuer.", Subject::new);
    return fields.check(() -> new Identity(issuer.orElseThrow(), subject.orElseThrow()));
  }

  private void unlink(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Problems.throwIfRefused(identities.unlink(visit.signedIn().actor(), user(visit)));
          return path(user(visit));
        },
        (problem, sent) -> show(visit, problem.status(), null, sent.with(problem)));
  }

  private void show(Visit visit, int status, @Nullable String ended, FormState form) {
    Actor actor = visit.signedIn().actor();
    User user = Problems.valueOf(users.find(actor, user(visit)));
    views.show(
        visit,
        status,
        Area.PEOPLE,
        "Identity of " + user.handle(),
        "identity",
        new IdentityView(
            user.handle().value(),
            path(user.handle()),
            Area.PEOPLE.path(user.handle()),
            linked(actor, user.handle()),
            ended,
            KnownTokens.of(users, actor, user),
            form));
  }

  private IdentityView.@Nullable Linked linked(Actor actor, Handle user) {
    return switch (identities.find(actor, user)) {
      case Outcome.Done<LinkedIdentity> found -> line(found.value());
      case Outcome.Refused<LinkedIdentity> refused -> {
        if (!(refused.why() instanceof Refusal.NotFound)) {
          throw Problems.refusal(refused.why());
        }
        yield null;
      }
    };
  }

  private static IdentityView.Linked line(LinkedIdentity linked) {
    return new IdentityView.Linked(
        linked.identity().issuer().value(),
        linked.identity().subject().value(),
        linked.linkedAt().toString(),
        linked.signedInAt().map(Object::toString).orElse(null),
        leftOut(linked.unfollowed()));
  }

  private static @Nullable String leftOut(UnfollowedGroups unfollowed) {
    if (unfollowed.tooMany()) {
      return "all of them, because they are too many";
    }
    int more = unfollowed.count() - unfollowed.named().size();
    String named = String.join(", ", unfollowed.named());
    return unfollowed.count() == 0 ? null : named + (more > 0 ? " and " + more + " more" : "");
  }

  private static String path(Handle user) {
    return Area.PEOPLE.path(user) + "/identity";
  }

  private static Handle user(Visit visit) {
    return new Handle(visit.pathParam("user"));
  }

  /**
   * The page of a user's account at the identity provider.
   *
   * @param user the handle of the user
   * @param path the path of this page
   * @param back the address of the user's page
   * @param linked the linked account; null if no account is linked
   * @param ended the credentials that ended because the account was linked a moment ago; null if
   *     the account was not just linked
   * @param known the service accounts whose access tokens the user might know
   */
  public record IdentityView(
      String user,
      String path,
      String back,
      @Nullable Linked linked,
      @Nullable String ended,
      KnownTokens known,
      FormState form) {

    /**
     * A linked account.
     *
     * @param signedInAt when somebody last signed in with the linked account; null if nobody has
     *     signed in with it (all times are in ISO 8601)
     * @param leftOut a sentence about the groups of which the user is a member at the identity
     *     provider, but not in Claviger; null if there are no such groups
     */
    public record Linked(
        String issuer,
        String subject,
        String linkedAt,
        @Nullable String signedInAt,
        @Nullable String leftOut) {}
  }
}
