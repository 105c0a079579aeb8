package io.claviger.console.gateway;

import io.claviger.application.gateway.CallExplanations;
import io.claviger.application.gateway.CallExplanations.ExplanationQuery;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.routing.ModelResolutions;
import io.claviger.application.routing.ModelResolutions.Resolution;
import io.claviger.application.shared.Actor;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fact;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Views;
import io.claviger.domain.ModelName;
import io.claviger.domain.WireNamed;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallExplanation;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.routing.CalledName;
import io.claviger.domain.standards.WireFormat;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Explains whether a call to a service would be permitted, and to which service a model name leads.
 */
public final class WhyPages implements ConsolePage {
  private static final String SERVICE = "service";
  private static final String FORMAT = "format";
  private static final String NAME = "name";
  private static final Set<String> OF_CALL = Set.of(SERVICE, "model", "operation", "user");
  private static final Set<String> OF_NAME = Set.of(FORMAT, NAME);
  private static final List<String> FORMATS = WireNamed.names(WireFormat.values());

  private final Instances instances;
  private final ModelResolutions modelResolutions;
  private final CallExplanations callExplanations;
  private final Views views;

  public WhyPages(
      Instances instances,
      ModelResolutions modelResolutions,
      CallExplanations callExplanations,
      Views views) {
    this.instances = instances;
    this.modelResolutions = modelResolutions;
    this.callExplanations = callExplanations;
    this.views = views;
  }

  /**
   * Returns the address of the page that explains whether calls of a user to a service would be
   * allowed.
   */
  public static String path(String service, String user) {
    return Links.to(Area.WHY.path()).with(SERVICE, service).with("user", user).toString();
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(Area.WHY.path()).openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    FormState call = FormState.asked(visit, OF_CALL);
    FormState name = FormState.asked(visit, OF_NAME);
    boolean aboutName = visit.query(NAME).isPresent();
    boolean aboutCall = !aboutName && visit.query(SERVICE).isPresent();
    try {
      show(visit, 200, call, name, aboutName ? led(visit) : aboutCall ? called(visit) : null);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      show(
          visit,
          problem.status(),
          aboutCall ? call.with(problem) : call,
          aboutName ? name.with(problem) : name,
          null);
    }
  }

  private WhyView.Explanation called(Visit visit) {
    Actor actor = visit.signedIn().actor();
    Fields fields = Fields.ofQuery(visit);
    Optional<Instance.Ref> service =
        fields.required(SERVICE, "Name a service as owner/handle.", Instance.Ref::of);
    Optional<ModelName> model = fields.optional("model", ModelName::new);
    Optional<Operation> operation = fields.optional("operation", Operation::new);
    Optional<Handle> user = fields.optional("user", Handle::new);
    Instance.Ref asked = fields.check(service::orElseThrow);
    ExplanationQuery question = new ExplanationQuery(model, operation, user);
    CallExplanation explained = Problems.valueOf(callExplanations.explain(actor, asked, question));
    InstanceView view = Problems.valueOf(instances.find(actor, asked));
    WhyView.Explanation answer =
        Answers.of(
            explained, new RemedyLinks(actor, view), model.isPresent() && operation.isPresent());
    return answer.passes()
        ? answer
        : answer.lacking(
            Problems.valueOf(callExplanations.missing(actor, asked, question)).orElse(null));
  }

  private WhyView.Explanation led(Visit visit) {
    Fields fields = Fields.ofQuery(visit);
    Optional<WireFormat> format =
        fields.required(FORMAT, "Choose a format of the API.", WireFormat::of);
    Optional<CalledName> name = fields.required(NAME, "Give the name of a model.", CalledName::new);
    Resolution resolution =
        fields.check(
            () ->
                modelResolutions.explain(
                    visit.signedIn().actor(), format.orElseThrow(), name.orElseThrow()));
    return Answers.of(resolution);
  }

  private void show(
      Visit visit,
      int status,
      FormState call,
      FormState name,
      WhyView.@Nullable Explanation answer) {
    views.show(visit, status, Area.WHY, "Why", "why", new WhyView(call, name, FORMATS, answer));
  }

  /**
   * The two forms of the page, and the answer to the question of the form that was sent.
   *
   * @param call a form that asks whether a call to a service would be allowed
   * @param name a form that asks to which service a model name leads
   * @param formats the formats of the API from which the user chooses when asking about a name
   * @param answer the answer; null if no question was sent, or if the question can't be answered
   */
  public record WhyView(
      FormState call, FormState name, List<String> formats, @Nullable Explanation answer) {
    public WhyView {
      formats = List.copyOf(formats);
    }

    /**
     * The explanation that the use case has returned, in words.
     *
     * @param passes whether the answer is positive: the call would be allowed, or the name leads to
     *     a service
     * @param verdict the sentence that answers the question
     * @param facts further sentences about the answer
     * @param missing the terms that a share would have to give the viewer so that the call is
     *     allowed; null if no share would help
     */
    public record Explanation(
        boolean passes,
        String verdict,
        List<Fact> facts,
        List<Step> steps,
        @Nullable MissingTerms missing) {
      public Explanation {
        facts = List.copyOf(facts);
        steps = List.copyOf(steps);
      }

      Explanation(boolean passes, String verdict, List<Fact> facts, List<Step> steps) {
        this(passes, verdict, facts, steps, null);
      }

      Explanation lacking(@Nullable MissingTerms terms) {
        return new Explanation(passes, verdict, facts, steps, terms);
      }
    }

    /**
     * One rule that was applied to the call.
     *
     * @param outcome {@code passes} if the rule allowed the call, so that the next rule was applied
     * @param tone the CSS class that gives the outcome its colour
     * @param remedy the page on which the viewer can change the cause of the refusal; null if there
     *     is no such page
     */
    public record Step(
        String rule, String outcome, String tone, String why, @Nullable Remedy remedy) {
      /**
       * Returns the mark in front of the step: ✓ if the step lets the call pass, ✗ if it refuses
       * the call, and – otherwise.
       */
      public String mark() {
        return switch (tone) {
          case "good" -> "\u2713";
          case "bad" -> "\u2717";
          default -> "\u2013";
        };
      }
    }

    /** A page on which the viewer can change the cause of a refusal. */
    public record Remedy(String label, String path) {}
  }
}
