package io.claviger.console.trusts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.application.trusts.Trusts;
import io.claviger.application.trusts.Trusts.TrustContent;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.EditForm;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Versions;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.TypedNumbers;
import io.claviger.domain.trusts.RequiredClaims;
import io.claviger.domain.trusts.SubjectPattern;
import io.claviger.domain.trusts.Trust;
import io.claviger.domain.trusts.TrustTerms;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shows the trusts of a service account. The trusts say which tokens of other issuers are exchanged
 * for tokens of the account.
 */
public final class TrustPages implements ConsolePage {
  private static final String PATH = "/console/people/{user}/trusts";

  private final TrustedIssuers trustedIssuers;
  private final Trusts trusts;
  private final Views views;

  public TrustPages(TrustedIssuers trustedIssuers, Trusts trusts, Views views) {
    this.trustedIssuers = trustedIssuers;
    this.trusts = trusts;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    Submission.addPage(routes, PATH, visitors, this::show, this::add);
    visitors.addPage(
        routes,
        PATH + "/{name}",
        visit -> showOne(visit, EditForm.of(stored(visit))),
        this::change);
    routes.pageAt(PATH + "/{name}/delete").openPost(visitors.signedIn(this::delete));
  }

  private void add(Visit visit) {
    Submission.of(
        visit,
        TrustForm.FIELDS,
        form -> save(visit, TrustForm.added(form), Precondition.CREATE_ONLY),
        (problem, sent) -> show(visit, problem.status(), taken(problem, sent)));
  }

  private static FormState taken(Problem problem, FormState sent) {
    return problem.status() == 412
        ? sent.with("name", "The account already has a trust with this name.")
        : sent.with(problem);
  }

  private void change(Visit visit) {
    Submission.of(
        visit,
        TrustForm.FIELDS,
        form -> save(visit, TrustForm.changed(find(visit), form), Versions.demandedBy(form)),
        (problem, sent) -> showOne(visit, EditForm.refused(problem, sent, "trust", stored(visit))));
  }

  private String save(Visit visit, TrustForm wanted, Precondition precondition) {
    Handle account = account(visit);
    Problems.throwIfRefused(
        this.trusts.save(
            visit.signedIn().actor(), account, wanted.name(), precondition, wanted.content()));
    return path(account);
  }

  private void delete(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Handle account = account(visit);
          Problems.throwIfRefused(
              this.trusts.delete(
                  visit.signedIn().actor(), account, name(visit), Versions.demandedBy(form)));
          return path(account);
        },
        this::show);
  }

  private Map<String, String> stored(Visit visit) {
    return TrustForm.shown(find(visit));
  }

  private Trust find(Visit visit) {
    return Problems.valueOf(
        this.trusts.find(visit.signedIn().actor(), account(visit), name(visit)));
  }

  private void showOne(Visit visit, EditForm change) {
    Handle account = account(visit);
    String name = name(visit).value();
    Set<String> issuers = new TreeSet<>(issuers(visit.signedIn().actor()));
    issuers.add(change.form().value("issuer"));
    issuers.remove("");
    views.show(
        visit,
        change.status(),
        Area.PEOPLE,
        "Trust " + name + " of " + account,
        "trust",
        new TrustView(
            account.value(),
            path(account) + "/" + name,
            path(account),
            List.copyOf(issuers),
            change));
  }

  private void show(Visit visit, int status, FormState form) {
    Actor actor = visit.signedIn().actor();
    Handle account = account(visit);
    Page<Trust, Handle> page =
        Problems.valueOf(
            this.trusts.list(actor, account, Paging.asked(visit, CursorFormat.HANDLE)));
    views.show(
        visit,
        status,
        Area.PEOPLE,
        "Trusts of " + account,
        "trusts",
        new TrustsView(
            account.value(),
            path(account),
            Area.PEOPLE.path(account),
            page.items().stream().map(TrustPages::line).toList(),
            Paging.next(page, CursorFormat.HANDLE, Links.to(path(account))),
            issuers(actor),
            form));
  }

  /**
   * Returns the names of the first trusted issuers in the list. A longer list would be hard to
   * choose from.
   */
  private List<String> issuers(Actor actor) {
    return Problems.valueOf(
            trustedIssuers.list(actor, new PageRequest<>(Optional.empty(), PageRequest.MAX_LIMIT)))
        .items()
        .stream()
        .map(issuer -> issuer.name().value())
        .toList();
  }

  private static TrustsView.Line line(Trust trust) {
    return new TrustsView.Line(
        trust.name().value(),
        trust.issuer().name().value(),
        trust.terms().subject().value(),
        TrustForm.claims(trust),
        Numbers.shown(trust.terms().maxLifetime().toSeconds()),
        trust.version());
  }

  private static String path(Handle account) {
    return Area.PEOPLE.path(account) + "/trusts";
  }

  private static Handle account(Visit visit) {
    return new Handle(visit.pathParam("user"));
  }

  private static Handle name(Visit visit) {
    return new Handle(visit.pathParam("name"));
  }

  /**
   * The page with the form that changes a trust.
   *
   * @param path the path of this page
   * @param back the address of the page with all trusts of the account
   * @param issuers the names of the issuers that the user can choose for a trust
   */
  public record TrustView(
      String account, String path, String back, List<String> issuers, EditForm change) {
    public TrustView {
      issuers = List.copyOf(issuers);
    }
  }

  /**
   * Shows the trusts of a service account.
   *
   * @param account the handle of the service account
   * @param path the path of this page
   * @param back the address of the account's page
   * @param next the address of the next page; null on the last page
   * @param issuers the names of the issuers that the user can choose for a trust
   */
  public record TrustsView(
      String account,
      String path,
      String back,
      List<Line> trusts,
      @Nullable String next,
      List<String> issuers,
      FormState form) {
    public TrustsView {
      trusts = List.copyOf(trusts);
      issuers = List.copyOf(issuers);
    }

    /**
     * A trust.
     *
     * @param claims the claims that a token must have, one on each line, such as {@code
     *     repository_id = 5088}
     * @param lifetime the longest lifetime of an access token, in seconds
     */
    public record Line(
        String name,
        String issuer,
        String subject,
        List<String> claims,
        String lifetime,
        long version) {
      public Line {
        claims = List.copyOf(claims);
      }
    }
  }

  private record TrustForm(Handle name, TrustContent content) {
    private static final String LIFETIME = "max_lifetime";

    static final Set<String> FIELDS =
        Set.of("name", "issuer", "subject", "claims", LIFETIME, Versions.FIELD);

    static TrustForm added(Form form) {
      Fields fields = new Fields(form);
      return of(
          fields, fields.required("name", "Give the trust a name.", Handle::new), Optional.empty());
    }

    /**
     * Reads the form of a trust. A subject and claims that the user did not change keep their
     * surrounding spaces.
     */
    static TrustForm changed(Trust stored, Form form) {
      return of(new Fields(form), Optional.of(stored.name()), Optional.of(stored));
    }

    static Map<String, String> shown(Trust trust) {
      Map<String, String> shown = new TreeMap<>();
      shown.put("issuer", trust.issuer().name().value());
      shown.put("subject", trust.terms().subject().value());
      shown.put("claims", String.join("\n", claims(trust)));
      shown.put(LIFETIME, Long.toString(trust.terms().maxLifetime().toSeconds()));
      shown.put(Versions.FIELD, Long.toString(trust.version()));
      return shown;
    }

    /** The claims that a trust demands of a token, such as {@code repository_id = 5088}. */
    static List<String> claims(Trust trust) {
      return trust.terms().claims().values().entrySet().stream()
          .map(claim -> claim.getKey() + " = " + claim.getValue())
          .sorted()
          .toList();
    }

    private static TrustForm of(Fields fields, Optional<Handle> name, Optional<Trust> stored) {
      Optional<Handle> issuer =
          fields.required("issuer", "Choose one of the trusted issuers.", Handle::new);
      Optional<SubjectPattern> subject =
          stored
              .map(trust -> trust.terms().subject())
              .filter(same -> fields.isStill("subject", same.value()))
              .or(
                  () ->
                      fields.required(
                          "subject", "Say whose tokens are accepted.", SubjectPattern::new));
      Optional<RequiredClaims> claims =
          stored
              .filter(trust -> fields.isStill("claims", String.join("\n", claims(trust))))
              .map(trust -> trust.terms().claims())
              .or(() -> fields.optional("claims", TrustForm::claims));
      Optional<Duration> lifetime =
          fields.optional(LIFETIME, text -> TypedNumbers.large(text, TrustForm::lifetime));
      return fields.check(
          () ->
              new TrustForm(
                  name.orElseThrow(),
                  new TrustContent(
                      issuer.orElseThrow(),
                      new TrustTerms(
                          subject.orElseThrow(),
                          claims.orElse(RequiredClaims.NONE),
                          lifetime.orElse(TrustTerms.LONGEST)))));
    }

    private static Duration lifetime(long seconds) {
      Duration lifetime = Duration.ofSeconds(seconds);
      if (!TrustTerms.isLifetime(lifetime)) {
        throw new InvalidValue(LIFETIME, TrustTerms.LIFETIMES);
      }
      return lifetime;
    }

    private static RequiredClaims claims(String lines) {
      Map<String, String> claims = new LinkedHashMap<>();
      for (String line : lines.split("\\R")) {
        if (line.isBlank()) {
          continue;
        }
        // The page writes spaces around the equals sign that follows a claim's name, because the
        // name itself might contain an equals sign.
        int spaced = line.indexOf(" = ");
        int equals = spaced < 0 ? line.indexOf('=') : spaced + 1;
        if (equals < 1
            || claims.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip())
                != null) {
          throw new InvalidValue("claims", "one per line, each once, as name = value");
        }
      }
      return new RequiredClaims(claims);
    }
  }
}
