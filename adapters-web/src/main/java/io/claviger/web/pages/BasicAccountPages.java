package io.claviger.web.pages;

import io.claviger.application.accounts.Users;
import io.claviger.application.identity.Identities;
import io.claviger.application.identity.SignIn;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Shows the visitor's name, the browsers in which the visitor is signed in, and the linked account
 * at the identity provider.
 */
public final class BasicAccountPages implements RouteGroup {
  static final String PATH = "/console/account";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private final Visitors visitors;
  private final Sessions sessions;
  private final Users users;
  private final Identities identities;
  private final Optional<SignIn> signIn;
  private final boolean inConsole;

  public BasicAccountPages(
      Visitors visitors,
      Sessions sessions,
      Users users,
      Identities identities,
      Optional<SignIn> signIn,
      Pages.Settings settings) {
    this.visitors = visitors;
    this.sessions = sessions;
    this.users = users;
    this.identities = identities;
    this.signIn = signIn;
    this.inConsole = settings.hasConsole();
  }

  /**
   * Adds the routes of a server that has no console. The console has its own account page, and its
   * own page after a sign-in.
   */
  @Override
  public void addTo(Routes routes) {
    routes.pageAt(PATH + "/sign-out").openPost(visitors.page(this::signOut));
    routes.pageAt(PATH + "/sign-in-again").openPost(visitors.page(this::signInAgain));
    routes.pageAt(PATH + "/sessions/{id}/end").openPost(visitors.page(this::end));
    routes.pageAt(PATH + "/identity/link").openPost(visitors.page(this::link));
    routes.pageAt(PATH + "/identity/unlink").openPost(visitors.page(this::unlink));
    if (!inConsole) {
      routes.pageAt(PATH).openGet(visitors.page(this::show));
      routes.pageAt(ReturnPath.START.value()).openGet(visitors.page(this::show));
    }
  }

  private void show(Visit visit) {
    if (visit.session().isEmpty()) {
      visit.redirect(SignInPages.PATH);
      return;
    }
    SessionActor who = visit.signedIn();
    User user = users.me(who.actor());
    Html proof = visit.proof();
    visit.show(
        HtmlPage.of(
            user.handle().value(),
            "My account",
            about(user, who.session()),
            Html.form(PATH + "/sign-out", proof, Html.button("Sign out")),
            identity(who, proof),
            browsers(who, proof)));
  }

  private static Html about(User user, Session session) {
    List<Html.Fact> facts = new ArrayList<>();
    facts.add(new Html.Fact("Handle", user.handle().value()));
    facts.add(new Html.Fact("Name", user.displayName().value()));
    user.email().ifPresent(email -> facts.add(new Html.Fact("E-mail", email.value())));
    facts.add(new Html.Fact("Administrator", user.administrator() ? "yes" : "no"));
    facts.add(new Html.Fact("Signed in", how(session.method())));
    return Html.facts(facts);
  }

  private Html identity(SessionActor who, Html proof) {
    Optional<LinkedIdentity> linked = linked(who);
    if (signIn.isEmpty() && linked.isEmpty()) {
      return Html.NOTHING;
    }
    return Html.section(
        Html.heading("Identity provider"),
        linked
            .map(
                own ->
                    Html.all(
                        Html.paragraph(
                            "Your account at "
                                + own.identity().issuer().value()
                                + " is linked to you. Unlinking it ends the sessions that began"
                                + " with it."
                                + (signIn.isPresent() && own.userMadeByProvider()
                                    ? " Your access tokens are refused some days later, unless"
                                        + " you link it again."
                                    : "")),
                        Html.facts(facts(own)),
                        Html.form(PATH + "/identity/unlink", proof, Html.quietButton("Unlink"))))
            .orElseGet(
                () ->
                    Html.all(
                        Html.paragraph(
                            "Link your account at the identity provider, and sign in with it from then on."),
                        Html.form(PATH + "/identity/link", proof, Html.quietButton("Link")))));
  }

  /** Returns what distinguishes a linked account from the issuer's other accounts. */
  private static List<Html.Fact> facts(LinkedIdentity linked) {
    return List.of(
        new Html.Fact("Subject", linked.identity().subject().value()),
        new Html.Fact("Linked", time(linked.linkedAt())),
        new Html.Fact(
            "Signed in last", linked.signedInAt().map(BasicAccountPages::time).orElse("never")));
  }

  private Optional<LinkedIdentity> linked(SessionActor who) {
    return switch (identities.find(who.actor(), who.actor().handle())) {
      case Outcome.Done<LinkedIdentity> found -> Optional.of(found.value());
      case Outcome.Refused<LinkedIdentity> refused -> {
        if (!(refused.why() instanceof Refusal.NotFound)) {
          throw Problems.refusal(refused.why());
        }
        yield Optional.empty();
      }
    };
  }

  private Html browsers(SessionActor who, Html proof) {
    List<Session> live =
        Problems.valueOf(
                sessions.list(
                    who.actor(),
                    who.actor().handle(),
                    new PageRequest<Session.Id>(Optional.empty(), Session.MOST)))
            .items();
    return Html.section(
        Html.heading("Where you are signed in"),
        Html.items(live.stream().map(each -> browser(each, who, proof)).toList()));
  }

  private static Html browser(Session each, SessionActor who, Html proof) {
    boolean current = each.id().equals(who.id());
    return Html.all(
        Html.facts(
            List.of(
                new Html.Fact("Browser", each.userAgent().isEmpty() ? "–" : each.userAgent()),
                new Html.Fact("Address", each.address()),
                new Html.Fact("Signed in", time(each.signedInAt()) + ", " + how(each.method())),
                new Html.Fact("Last used", time(each.seenAt())))),
        current
            ? Html.paragraph(Html.strong("This browser"))
            : Html.form(
                PATH + "/sessions/" + each.id().value() + "/end",
                proof,
                Html.quietButton("End this session")));
  }

  private void signOut(Visit visit) {
    Form unused = visit.form();
    visit.session().ifPresent(sessions::end);
    PageCookie.SESSION.clear(visit.ctx(), visit.site());
    visit.redirect(SignInPages.PATH);
  }

  /**
   * Leads somebody who needs a recent sign-in to it, and from there back to the page in the form.
   */
  private void signInAgain(Visit visit) {
    ReturnPath then = ReturnPath.of(visit.form().value("return").orElse(""));
    SignInPages.signInAgain(visit, sessions, then);
  }

  private void end(Visit visit) {
    Form unused = visit.form();
    SessionActor who = visit.signedIn();
    Session.Id ended = Problems.valueOf(sessions.end(who.actor(), who.actor().handle(), id(visit)));
    visit.redirect(ended.equals(who.id()) ? SignInPages.PATH : PATH);
  }

  private void link(Visit visit) {
    Form unused = visit.form();
    ProviderPages.leave(
        visit,
        provider().beginLink(visit.signedIn(), PATH, visit.address()),
        true,
        SignInPages.leadingTo(ReturnPath.of(PATH)));
  }

  private void unlink(Visit visit) {
    Form unusedForm = visit.form();
    SessionActor who = visit.signedIn();
    Problems.throwIfRefused(identities.unlink(who.actor(), who.actor().handle()));
    visit.redirect(PATH);
  }

  private SignIn provider() {
    return signIn.orElseThrow(
        () -> new PageProblem(404, "No identity provider", "No identity provider is configured."));
  }

  private static Session.Id id(Visit visit) {
    try {
      return new Session.Id(UUID.fromString(visit.pathParam("id")));
    } catch (IllegalArgumentException e) {
      throw new PageProblem(404, "No such session", "The session has ended already.");
    }
  }

  /** Says how somebody has signed in. */
  public static String how(SignInMethod method) {
    return switch (method) {
      case SignInMethod.OpenId openId -> "with " + openId.identity().issuer().value();
      case SignInMethod.Link link -> "with a one-time link";
      case SignInMethod.Token token -> "with an access token";
    };
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }
}
