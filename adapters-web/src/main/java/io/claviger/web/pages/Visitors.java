package io.claviger.web.pages;

import io.claviger.application.requests.RequestReferences;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.shared.Actor;
import io.claviger.domain.identity.ReturnPath;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import io.claviger.web.requests.RequestPage;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.Routes;
import io.javalin.http.Context;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Creates a {@link Visit} for each request for a page, and sets the headers that all pages share.
 */
public final class Visitors {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 32;

  /**
   * The content security policy of pages without scripts. Nothing is loaded from other servers, and
   * no other site can embed the page in a frame.
   */
  private static final String WITHOUT_SCRIPTS =
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors"
          + " 'none'; base-uri 'none'";

  /**
   * The content security policy of pages with scripts. Scripts must be files of this server, and
   * must not be inline.
   */
  private static final String WITH_SCRIPTS =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'"
          + " data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  private final Sessions sessions;
  private final Optional<URI> publicUrl;
  private final Pages.PageFrame frame;
  private final Function<MissingTerms, String> askPath;

  /**
   * @param references the encoder for the links that refused visitors get; a link contains the
   *     terms that the visitor lacks
   */
  public Visitors(Sessions sessions, RequestReferences references, Pages.Settings settings) {
    this.sessions = sessions;
    this.publicUrl = settings.publicUrl();
    this.frame = settings.frame();
    this.askPath = missing -> RequestPage.pathTo(references, missing);
  }

  /**
   * Answers a request of a signed-in visitor with a page that may have scripts. Visitors who are
   * not signed in are redirected to the sign-in page, and return to this page after signing in.
   */
  public Routes.OpenHandler signedIn(Consumer<Visit> answer) {
    return page(
        WITH_SCRIPTS,
        visit -> {
          if (visit.session().isPresent()) {
            accept(visit, answer);
          } else if (visit.isForm() && visit.isFromHere() && visit.site().allowsSignIn()) {
            keep(visit);
          } else {
            leadToSignIn(visit, SignInPages.leadingTo(ReturnPath.of(visit.path())));
          }
        });
  }

  /**
   * Adds a page with a form for {@link #signedIn signed-in} visitors.
   *
   * @param show the handler of GET requests, which shows the form
   * @param send the handler of the POST requests with the filled form
   */
  public void addPage(Routes routes, String path, Consumer<Visit> show, Consumer<Visit> send) {
    routes.pageAt(path).openGet(signedIn(show)).openPost(signedIn(send));
  }

  /**
   * Answers the requests that the script of a page makes while the visitor types. If the session
   * has ended, the answer is empty. So the page and the typed text stay in the browser.
   */
  public Routes.OpenHandler signedInPart(Consumer<Visit> answer) {
    return page(
        WITH_SCRIPTS,
        visit -> {
          if (visit.session().isPresent()) {
            accept(visit, answer);
          } else {
            visit.show(200, new byte[0]);
          }
        });
  }

  private static void accept(Visit visit, Consumer<Visit> answer) {
    try {
      answer.accept(visit);
    } catch (StaleForm stale) {
      if (visit.wantsPart()) {
        visit.show(200, KeptForm.hint().bytes());
        return;
      }
      String user = visit.signedIn().actor().handle().value();
      visit.show(403, KeptForm.of(visit, stale.form()).sendAgain(user, visit.proof()));
    }
  }

  /**
   * Answers a form with a page that keeps the typed values, because the session has ended since the
   * form was opened.
   */
  private static void keep(Visit visit) {
    if (visit.wantsPart()) {
      visit.show(200, KeptForm.hint().bytes());
    } else {
      visit.show(401, KeptForm.of(visit, visit.call().formWithoutSession()).signInFirst());
    }
  }

  /**
   * Redirects the browser to the sign-in page. For a script, the answer is not a redirect: the
   * script would follow the redirect, and insert the sign-in page into its own page.
   */
  private static void leadToSignIn(Visit visit, String path) {
    if (visit.wantsPart()) {
      visit.ctx().header("HX-Redirect", path);
    } else {
      visit.redirect(path);
    }
  }

  /** Answers with a page. An error that the visitor can correct is also answered with a page. */
  public Routes.OpenHandler page(Consumer<Visit> answer) {
    return page(WITHOUT_SCRIPTS, answer);
  }

  private Routes.OpenHandler page(String policy, Consumer<Visit> answer) {
    return new PageHandler(policy, answer);
  }

  private final class PageHandler implements Routes.OpenHandler {
    private final String policy;
    private final Consumer<Visit> answer;

    private PageHandler(String policy, Consumer<Visit> answer) {
      this.policy = policy;
      this.answer = answer;
    }

    @Override
    public void to(OpenCall call) {
      setHeaders(call);
      Optional<Visit> known = Optional.empty();
      try {
        Visit visit = visit(call);
        known = Optional.of(visit);
        if (visit.session().isPresent()) {
          call.countFor(visit.signedIn().actor());
          if (visit.isForm()) {
            // The session might have ended while the form arrived.
            visit = visit(call);
            known = Optional.of(visit);
          }
        }
        answer.accept(visit);
      } catch (PageProblem problem) {
        show(call, known, problem);
      } catch (StaleForm stale) {
        show(call, known, StaleForm.problem());
      } catch (RuntimeException e) {
        show(call, known, call.problem(e));
      } finally {
        call.pageMade();
      }
    }

    @Override
    public void refuse(OpenCall call, ProblemException why) {
      setHeaders(call);
      show(call, Optional.empty(), why.problem());
    }

    private void setHeaders(OpenCall call) {
      call.ctx()
          .header("Content-Security-Policy", policy)
          .header("Referrer-Policy", "no-referrer")
          .header("Cross-Origin-Opener-Policy", "same-origin");
    }
  }

  static BrowserSecret newSecret() {
    return BrowserSecret.of(random(SECRET_BYTES));
  }

  static byte[] random(int length) {
    byte[] random = new byte[length];
    RANDOM.nextBytes(random);
    return random;
  }

  private Visit visit(OpenCall call) {
    Context ctx = call.ctx();
    Site site =
        Site.of(
            publicUrl,
            ctx.req().getHeader("Host"),
            ctx.req().getRemoteAddr(),
            ctx.req().isSecure());
    Optional<SessionActor> session = session(call, site);
    session.ifPresent(
        known -> call.demandOfParts(() -> demandSame(known.actor(), session(call, site))));
    return new Visit(call, site, session, frame);
  }

  private Optional<SessionActor> session(OpenCall call, Site site) {
    return PageCookie.SESSION
        .sent(call.ctx(), site)
        .flatMap(secret -> sessions.find(secret, call.from(), call.requestId()));
  }

  /**
   * @throws ProblemException if the session or the rights of a visitor have ended
   */
  private static void demandSame(Actor before, Optional<SessionActor> session) {
    if (session.filter(now -> now.actor().hasRightsOf(before)).isEmpty()) {
      throw new ProblemException(Problems.unauthorized(true));
    }
  }

  private void show(OpenCall call, Optional<Visit> visit, Problem problem) {
    problem.headers().forEach(call.ctx()::header);
    show(call, visit, sentence(problem, call.requestId()));
  }

  private PageProblem sentence(Problem problem, String requestId) {
    String title =
        switch (problem.status()) {
          case 429 -> "Too many requests";
          case 500 -> "Something went wrong";
          case 503 -> "Not available right now";
          default -> "That did not work";
        };
    String sentence =
        problem.status() == 500
            ? "This is a fault of Claviger. If it happens again, give an administrator the id of this"
                + " request: "
                + requestId
                + "."
            : PageProblem.words(problem);
    PageProblem explained = new PageProblem(problem.status(), title, sentence);
    return problem.missing().map(askPath).map(explained::askingAt).orElse(explained);
  }

  private void show(OpenCall call, Optional<Visit> visit, PageProblem problem) {
    call.discardBody();
    Context ctx = call.ctx();
    problem.retryAfter().ifPresent(wait -> ctx.header("Retry-After", Problems.seconds(wait)));
    ctx.status(problem.status())
        .contentType("text/html; charset=utf-8")
        .result(
            problem
                .page(visit.flatMap(Visit::user))
                .bytes(frame, visit.filter(Visit::isAdministrator).isPresent()));
  }
}
