package io.claviger.web.pages;

import io.claviger.application.oauth.DeviceSignIn;
import io.claviger.application.oauth.DeviceSignIn.WaitingDevice;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.oauth.UserCode;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.SignInMethod;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;

/**
 * The page on which somebody types the code that a device shows. The page then asks this person
 * whether to permit the device's sign-in (RFC 8628, 3.3). The code is never taken from the page's
 * address. While the user signs in again, a cookie in the same browser keeps the code.
 */
public final class DevicePages implements RouteGroup {
  static final String PATH = "/console/device";
  private static final String CODE = "code";

  private final Visitors visitors;
  private final DeviceSignIn devices;
  private final Sessions sessions;

  public DevicePages(Visitors visitors, DeviceSignIn devices, Sessions sessions) {
    this.visitors = visitors;
    this.devices = devices;
    this.sessions = sessions;
  }

  @Override
  public void addTo(Routes routes) {
    routes.pageAt(PATH).openGet(visitors.page(this::ask)).openPost(visitors.page(this::lookUp));
    routes.pageAt(PATH + "/approve").openPost(visitors.page(this::approve));
    routes.pageAt(PATH + "/again").openPost(visitors.page(this::signInAgain));
    routes.pageAt(PATH + "/deny").openPost(visitors.page(this::deny));
  }

  private void ask(Visit visit) {
    if (visit.session().isEmpty()) {
      visit.redirect(SignInPages.leadingTo(new ReturnPath(PATH)));
      return;
    }
    Optional<UserCode> typed = typedBefore(visit);
    typed.ifPresent(unused -> PageCookie.DEVICE.clear(visit.ctx(), visit.site()));
    visit.show(question(visit, Html.NOTHING, typed.map(UserCode::shown).orElse("")));
  }

  private static Optional<UserCode> typedBefore(Visit visit) {
    return PageCookie.DEVICE
        .sent(visit.ctx(), visit.site())
        .flatMap(kept -> UserCode.typed(kept.reveal()));
  }

  private static HtmlPage question(Visit visit, Html warning, String code) {
    return HtmlPage.of(
        visit.signedIn().actor().handle().value(),
        "Sign in on a device",
        warning,
        Html.paragraph(
            "Type the code that your device or program shows. Go on only if you started this"
                + " yourself, just now."),
        Html.form(
            PATH, visit.proof(), Html.textField(CODE, "Code", code), Html.button("Show who asks")));
  }

  private void lookUp(Visit visit) {
    Form form = visit.form();
    SessionActor who = visit.signedIn();
    String typed = form.value(CODE).orElse("");
    switch (devices.lookUp(who, typed)) {
      case Outcome.Done<WaitingDevice> found -> visit.show(offer(visit, found.value()));
      case Outcome.Refused<WaitingDevice> refused -> {
        if (!(refused.why() instanceof Refusal.NotFound)) {
          throw Problems.refusal(refused.why());
        }
        visit.show(
            404,
            question(
                visit,
                Html.warning("No device shows this code, or its ten minutes are over."),
                ""));
      }
    }
  }

  private static HtmlPage offer(Visit visit, WaitingDevice device) {
    String handle = visit.signedIn().actor().handle().value();
    Html code = Html.hidden(CODE, device.userCode());
    Html proof = visit.proof();
    boolean manages = device.scope() == TokenScope.MANAGE;
    return HtmlPage.of(
        handle,
        "Let this device in?",
        Html.facts(
            List.of(
                new Html.Fact("Code", Html.code(device.userCode())),
                new Html.Fact("Asked from", device.address()),
                new Html.Fact(
                    "It may",
                    manages
                        ? "do everything that you may, in your name (manage)"
                        : "call the services that you may use, in your name (use)"))),
        Html.warning(
            "If somebody sent you this code or asked you to type it, deny: they would act in your name."),
        device.needsRecentSignIn()
            ? again(visit, proof, code)
            : Html.form(PATH + "/approve", proof, code, Html.button("Let it in as " + handle)),
        Html.form(PATH + "/deny", proof, code, Html.quietButton("Deny")));
  }

  private static Html again(Visit visit, Html proof, Html code) {
    return Html.all(
        Html.paragraph(
            "For this, you must have signed in less than five minutes ago. Sign out and sign in"
                + " again; the code is kept meanwhile."),
        proofDemanded(visit.signedIn().session().method()),
        Html.form(
            PATH + "/again", proof, code, Html.button("Sign out of " + visit.site().origin())));
  }

  /** Says what helps if the identity provider lets people sign in again without any proof. */
  private static Html proofDemanded(SignInMethod method) {
    if (!(method instanceof SignInMethod.OpenId openId)) {
      return Html.NOTHING;
    }
    return Html.paragraph(
        openId.identity().issuer().value()
            + " then has to ask you for your password, or for another proof of who you are. If it"
            + " lets you in without asking, and you come back to this page, sign out there first.");
  }

  /** Signs the user out. The browser keeps the code until the next sign-in. */
  private void signInAgain(Visit visit) {
    Form form = visit.form();
    form.value(CODE)
        .flatMap(UserCode::typed)
        .ifPresent(
            code ->
                PageCookie.DEVICE.set(
                    visit.ctx(), visit.site(), BrowserSecret.presented(code.letters())));
    SignInPages.signInAgain(visit, sessions, new ReturnPath(PATH));
  }

  private void approve(Visit visit) {
    Form form = visit.form();
    WaitingDevice device =
        Problems.valueOf(devices.approve(visit.signedIn(), form.value(CODE).orElse("")));
    visit.show(
        done(
            visit,
            "The device is signed in",
            "The device with the code "
                + device.userCode()
                + " gets its access token now. You can close this page."));
  }

  private void deny(Visit visit) {
    Form form = visit.form();
    WaitingDevice device =
        Problems.valueOf(devices.deny(visit.signedIn(), form.value(CODE).orElse("")));
    visit.show(
        done(
            visit,
            "The device was denied",
            "The device with the code " + device.userCode() + " gets nothing."));
  }

  private static HtmlPage done(Visit visit, String title, String sentence) {
    return HtmlPage.of(visit.signedIn().actor().handle().value(), title, Html.paragraph(sentence));
  }
}
