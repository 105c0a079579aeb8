package io.claviger.console.scim;

import io.claviger.application.scim.ScimTokens;
import io.claviger.application.scim.ScimTokens.CreatedScimToken;
import io.claviger.application.scim.ScimUsers;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.SignInAgain;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimToken;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tokens with which an identity provider manages users and groups in Claviger. */
public final class ScimPages implements ConsolePage {
  private static final String PATH = "/console/scim";
  private static final String PERSON = "/console/people/{user}";
  private static final Set<String> FIELDS = Set.of("name", "issuer");

  private final ScimTokens tokens;
  private final ScimUsers users;
  private final NodeUrls urls;
  private final Views views;

  public ScimPages(ScimTokens tokens, ScimUsers users, NodeUrls urls, Views views) {
    this.tokens = tokens;
    this.users = users;
    this.urls = urls;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(routes, PATH, visit -> show(visit, 200, null, FormState.EMPTY), this::create);
    routes.pageAt(PATH + "/{id}/end").openPost(visitors.signedIn(this::end));
    routes.pageAt(PERSON + "/resume").openPost(visitors.signedIn(this::resume));
  }

  private void create(Visit visit) {
    Submission.answer(
        visit,
        FIELDS,
        form -> {
          Fields fields = new Fields(form);
          Optional<TokenName> name =
              fields.required("name", "Name the identity provider.", TokenName::new);
          Optional<Issuer> issuer =
              fields.required("issuer", "Give the address of the issuer.", Issuer::new);
          CreatedScimToken created =
              Problems.valueOf(
                  fields.check(
                      () ->
                          tokens.create(
                              visit.signedIn().actor(),
                              visit.signedIn().session(),
                              name.orElseThrow(),
                              issuer.orElseThrow())));
          show(visit, 200, created.text().reveal(), FormState.EMPTY);
        },
        (problem, sent) ->
            show(visit, problem.status(), null, SignInAgain.offered(problem, sent.with(problem))));
  }

  /**
   * Ends a token. If the token has already ended, nothing happens, because the browser might have
   * sent the form twice.
   */
  private void end(Visit visit) {
    Form unusedForm = visit.form();
    Outcome<ScimToken.Id> ended = tokens.end(visit.signedIn().actor(), id(visit));
    if (ended instanceof Outcome.Refused<ScimToken.Id> refused
        && !(refused.why() instanceof Refusal.NotFound)) {
      throw Problems.refusal(refused.why());
    }
    visit.redirect(PATH);
  }

  /** Ends the suspension of a user; the form is on the user's page. */
  private void resume(Visit visit) {
    Form unusedForm = visit.form();
    Handle user = new Handle(visit.pathParam("user"));
    Problems.throwIfRefused(users.resume(visit.signedIn().actor(), user));
    visit.redirect(Area.PEOPLE.path(user));
  }

  private static ScimToken.Id id(Visit visit) {
    try {
      return new ScimToken.Id(UUID.fromString(visit.pathParam("id")));
    } catch (IllegalArgumentException e) {
      throw new InvalidValue("id", "the id of a SCIM token");
    }
  }

  private void show(Visit visit, int status, @Nullable String fresh, FormState form) {
    List<ScimToken> all = Problems.valueOf(tokens.list(visit.signedIn().actor()));
    views.show(
        visit,
        status,
        Area.SCIM,
        "SCIM",
        "scim",
        new ScimView(
            urls.api() + "/scim/v2",
            all.stream()
                .map(
                    token ->
                        new ScimView.Line(
                            token.id().value().toString(),
                            token.name().value(),
                            token.issuer().value(),
                            token.createdAt().toString(),
                            token.lastUsedAt().map(Object::toString).orElse(null),
                            tokens.accepts(token)))
                .toList(),
            fresh,
            form));
  }

  /**
   * The SCIM tokens.
   *
   * @param address the address of Claviger's SCIM service, to be entered at the identity provider
   * @param fresh the text of a token that was just created; null if no token was created
   */
  public record ScimView(
      String address, List<Line> tokens, @Nullable String fresh, FormState form) {
    public ScimView {
      tokens = List.copyOf(tokens);
    }

    /**
     * A token.
     *
     * @param since the time when the token was created (ISO 8601)
     * @param lastUsed when the token was last used (ISO 8601); null if it was never used
     * @param accepted whether people can still sign in with accounts of the token's issuer
     */
    public record Line(
        String id,
        String name,
        String issuer,
        String since,
        @Nullable String lastUsed,
        boolean accepted) {}
  }
}
