package io.claviger.console.requests;

import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.BorrowRequests.GrantProposal;
import io.claviger.application.requests.BorrowRequests.RequestGrant;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.sharing.Sharing;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Part;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.console.sharing.Loan;
import io.claviger.console.sharing.LoanSentence;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The page of one request: the asker can withdraw the request, and users who may share the service
 * can grant or decline it.
 */
public final class RequestPages implements ConsolePage {
  private static final String PATH = Area.REQUESTS.path() + "/{id}";

  private static final String LEAVES_POOL = "leaves_pool";

  /**
   * The hidden field with all terms that the page showed. The form that grants the request
   * unchanged sends this field back. The page's other form has fields in which the viewer can
   * change the terms.
   */
  private static final String SHOWN = "shown";

  private final BorrowRequests requests;
  private final Sharing sharing;
  private final Views views;

  public RequestPages(BorrowRequests requests, Sharing sharing, Views views) {
    this.requests = requests;
    this.sharing = sharing;
    this.views = views;
  }

  public static String pathOf(BorrowRequest.Id request) {
    return Area.REQUESTS.path() + "/" + request.value();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
    routes.pageAt(PATH + "/grant").openPost(visitors.signedIn(this::grant));
    routes.pageAt(PATH + "/change").openPost(visitors.signedIn(this::grantChanged));
    routes.pageAt(PATH + "/decline").openPost(visitors.signedIn(this::decline));
    routes.pageAt(PATH + "/withdraw").openPost(visitors.signedIn(this::withdraw));
  }

  private void show(Visit visit) {
    BorrowRequest request = found(visit);
    show(visit, 200, request, proposed(visit, request), false);
  }

  /** Grants the terms that the page showed and that its form sent back. */
  private void grant(Visit visit) {
    submit(visit, form -> grant(visit, form.within(SHOWN)));
  }

  private void grantChanged(Visit visit) {
    submit(
        visit,
        form -> grant(visit, form),
        (problem, sent) -> {
          BorrowRequest request = found(visit);
          String version = Versions.kept(sent, problem.status(), version(proposal(visit, request)));
          FormState again = sent.having(Versions.FIELD, version);
          show(visit, problem.status(), request, again.with(explained(problem, request)), true);
        });
  }

  private void grant(Visit visit, Form form) {
    Fields fields = new Fields(form);
    Optional<Handle> leavesPool = fields.optional(LEAVES_POOL, Handle::new);
    Share.Terms terms = Loan.of(form, sharing.now()).terms();
    Problems.throwIfRefused(
        requests.grant(
            visit.signedIn().actor(),
            id(visit),
            new RequestGrant(
                Optional.of(terms),
                Versions.of(form).orElse(Precondition.CREATE_ONLY),
                fields.check(() -> leavesPool))));
  }

  private static Problem explained(Problem problem, BorrowRequest request) {
    return switch (problem.code()) {
      case "precondition_failed" ->
          new Problem(
              problem.status(),
              problem.code(),
              ("The access of %s to this service changed while you had this page open. Nothing was "
                      + "granted. The page shows what a grant gives now.")
                  .formatted(request.asker().handle()));
      case "leaves_pool" ->
          new Problem(
              problem.status(),
              problem.code(),
              ("Nothing was granted: %s calls this service through a group whose members share"
                      + " limits. After the grant, these limits would no longer apply. The page had"
                      + " not mentioned this, but it does now.")
                  .formatted(request.asker().handle()));
      default -> problem;
    };
  }

  private void decline(Visit visit) {
    submit(
        visit,
        form -> {
          Problems.throwIfRefused(requests.decline(visit.signedIn().actor(), id(visit)));
        });
  }

  private void withdraw(Visit visit) {
    submit(
        visit,
        form -> {
          Problems.throwIfRefused(requests.withdraw(visit.signedIn().actor(), id(visit)));
        });
  }

  private void submit(Visit visit, Consumer<Form> act) {
    submit(
        visit,
        act,
        (problem, sent) -> {
          BorrowRequest request = found(visit);
          FormState form = proposed(visit, request).with(explained(problem, request));
          show(visit, problem.status(), request, form, false);
        });
  }

  private static void submit(Visit visit, Consumer<Form> act, Submission.Refused refused) {
    Submission.of(
        visit,
        Loan.FIELDS,
        form -> {
          act.accept(form);
          return pathOf(id(visit));
        },
        refused);
  }

  private BorrowRequest found(Visit visit) {
    return Problems.valueOf(requests.find(visit.signedIn().actor(), id(visit)));
  }

  /**
   * Returns the terms that the asker gets if the request is granted. The result is empty if the
   * viewer may not grant the request, or if the request is no longer open.
   */
  private Optional<GrantProposal> proposal(Visit visit, BorrowRequest request) {
    return switch (requests.proposal(visit.signedIn().actor(), request.id())) {
      case Outcome.Done<GrantProposal> done -> Optional.of(done.value());
      case Outcome.Refused<GrantProposal> refused -> Optional.empty();
    };
  }

  /**
   * Returns the form with which the viewer can grant the request. The requested terms are filled
   * in, and the viewer can change them.
   */
  private FormState proposed(Visit visit, BorrowRequest request) {
    return FormState.of(offered(request, proposal(visit, request)));
  }

  /**
   * Returns the values that the form sends back unchanged, so that nothing can be granted that the
   * page did not show.
   */
  private static Map<String, String> offered(
      BorrowRequest request, Optional<GrantProposal> proposal) {
    Map<String, String> values = new TreeMap<>();
    proposal.ifPresent(
        shown -> {
          values.putAll(Loan.shown(asker(request), shown.terms()));
          values.put(LEAVES_POOL, shown.leavesPool().map(Handle::value).orElse(""));
        });
    values.put(Versions.FIELD, version(proposal));
    return values;
  }

  private static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String version(Optional<GrantProposal> proposal) {
    OptionalLong version = proposal.map(GrantProposal::shareVersion).orElse(OptionalLong.empty());
    return version.isPresent() ? Long.toString(version.getAsLong()) : "";
  }

  private void show(
      Visit visit, int status, BorrowRequest request, FormState form, boolean changing) {
    Actor actor = visit.signedIn().actor();
    BorrowRequestLine line = BorrowRequestLine.of(request, actor.id());
    Optional<GrantProposal> proposal = proposal(visit, request);
    views.show(
        visit,
        status,
        Area.REQUESTS,
        "Request for " + line.service(),
        "request",
        new RequestView(
            line,
            request.note().map(RequestNote::text).orElse(""),
            request.endedAt().map(Object::toString).orElse(null),
            sentence(request, proposal),
            proposal.flatMap(GrantProposal::leavesPool).map(Handle::value).orElse(null),
            encoded(offered(request, proposal)),
            request.service().owner().equals(actor.id()),
            form,
            changing));
  }

  private List<Part> sentence(BorrowRequest request, Optional<GrantProposal> proposal) {
    return proposal
        .map(shown -> new Loan(asker(request), shown.terms()))
        .map(loan -> LoanSentence.of(loan, request.service().ref().toString(), sharing.now()))
        .orElse(List.of());
  }

  private static GranteeName asker(BorrowRequest request) {
    return GranteeName.user(request.asker().handle());
  }

  private static BorrowRequest.Id id(Visit visit) {
    try {
      return new BorrowRequest.Id(UUID.fromString(visit.pathParam("id")));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("id", "the id of a request");
    }
  }

  /**
   * The page of one request for access.
   *
   * @param note the asker's note; empty if the asker wrote none
   * @param endedAt when the request ended (ISO 8601); null while the request is open
   * @param sentence the terms that the asker would get by a grant, in words; empty if the viewer
   *     can't grant the request
   * @param leavesPool the group whose pooled limits would no longer apply to the asker after a
   *     grant; null if there is no such group
   * @param shown everything on the page about the terms, as the value of a hidden field
   * @param mayMute whether the viewer may block further requests of the asker
   * @param form the form with the share that a grant would give; the viewer can change its terms
   * @param changing whether {@code form} is unfolded
   */
  public record RequestView(
      BorrowRequestLine line,
      String note,
      @Nullable String endedAt,
      List<Part> sentence,
      @Nullable String leavesPool,
      String shown,
      boolean mayMute,
      FormState form,
      boolean changing) {
    public RequestView {
      sentence = List.copyOf(sentence);
    }
  }
}
