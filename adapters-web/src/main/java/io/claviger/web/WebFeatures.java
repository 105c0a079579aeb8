package io.claviger.web;

import io.claviger.web.accounts.OwnTokenRoutes;
import io.claviger.web.accounts.TokenRoutes;
import io.claviger.web.accounts.UserRoutes;
import io.claviger.web.activity.ActivityRoutes;
import io.claviger.web.approvals.ApprovalRoutes;
import io.claviger.web.audit.AuditRoutes;
import io.claviger.web.bills.BillRoutes;
import io.claviger.web.bills.BillingRoutes;
import io.claviger.web.budgets.BudgetRoutes;
import io.claviger.web.capacity.CapacityRoutes;
import io.claviger.web.connections.ConnectionRoutes;
import io.claviger.web.defaults.DefaultRoutes;
import io.claviger.web.definitions.DefinitionRoutes;
import io.claviger.web.definitions.DefinitionShareRoutes;
import io.claviger.web.docs.DocumentationRoutes;
import io.claviger.web.docs.GuideRoutes;
import io.claviger.web.gateway.CheckRoutes;
import io.claviger.web.gateway.KeyResolutionRoutes;
import io.claviger.web.gateway.TestCallRoutes;
import io.claviger.web.groups.GroupMemberRoutes;
import io.claviger.web.groups.GroupRoutes;
import io.claviger.web.identity.IdentityRoutes;
import io.claviger.web.instances.DraftCheckRoutes;
import io.claviger.web.instances.InstanceRoutes;
import io.claviger.web.issuer.IssuerRoutes;
import io.claviger.web.limits.AssignedLimitsRoutes;
import io.claviger.web.models.ModelConfigRoutes;
import io.claviger.web.models.ModelRoutes;
import io.claviger.web.oauth.OAuthRoutes;
import io.claviger.web.oauth.TokenExchangeGrant;
import io.claviger.web.objects.SharedObjectRoutes;
import io.claviger.web.objects.StoredObjectRoutes;
import io.claviger.web.operations.OperationsRoutes;
import io.claviger.web.pages.BasicAccountPages;
import io.claviger.web.pages.DevicePages;
import io.claviger.web.pages.LinkPages;
import io.claviger.web.pages.Pages;
import io.claviger.web.pages.SessionStart;
import io.claviger.web.pages.SignInPages;
import io.claviger.web.pages.Visitors;
import io.claviger.web.prices.PriceRoutes;
import io.claviger.web.prices.ServicePriceRoutes;
import io.claviger.web.projects.ProjectRoutes;
import io.claviger.web.projects.ProjectShareRoutes;
import io.claviger.web.rejectedkeys.KeyAgeRoutes;
import io.claviger.web.requests.BorrowRequestRoutes;
import io.claviger.web.requests.MutedAskersRoutes;
import io.claviger.web.retention.RetentionRoutes;
import io.claviger.web.reviews.ReviewRoutes;
import io.claviger.web.routing.BareNameRoutes;
import io.claviger.web.routing.ModelResolutionRoutes;
import io.claviger.web.routing.ServiceModelRoutes;
import io.claviger.web.scim.ScimRoutes;
import io.claviger.web.scim.ScimTokenRoutes;
import io.claviger.web.sessions.SessionRoutes;
import io.claviger.web.sharing.AccessRoutes;
import io.claviger.web.sharing.AttributionRoutes;
import io.claviger.web.sharing.ShareRoutes;
import io.claviger.web.standards.ProviderRoutes;
import io.claviger.web.standards.StandardRoutes;
import io.claviger.web.transfers.FormerReferenceRoutes;
import io.claviger.web.transfers.TransferRoutes;
import io.claviger.web.trusts.TrustRoutes;
import io.claviger.web.trusts.TrustedIssuerRoutes;
import io.claviger.web.usage.RefusalRoutes;
import io.claviger.web.usage.UsageRoutes;
import io.claviger.web.userkeys.UserKeyRoutes;
import io.claviger.web.webhooks.WebhookRoutes;
import java.util.List;

/** The features that are served on the port of the API. */
public final class WebFeatures {
  /**
   * The groups of routes, and the objects that several groups use. Each class is instantiated with
   * its only constructor. The arguments of constructors are use cases, settings and objects of the
   * classes in this list. If two paths match a request, the path that was added first wins.
   */
  public static final List<Class<?>> ALL =
      List.of(
          Visitors.class,
          SessionStart.class,
          SignInPages.class,
          LinkPages.class,
          BasicAccountPages.class,
          DevicePages.class,
          GuideRoutes.class,
          DocumentationRoutes.class,
          UserRoutes.class,
          TokenRoutes.class,
          OwnTokenRoutes.class,
          SessionRoutes.class,
          IdentityRoutes.class,
          BudgetRoutes.class,
          WebhookRoutes.class,
          TrustedIssuerRoutes.class,
          TrustRoutes.class,
          DefaultRoutes.class,
          GroupRoutes.class,
          GroupMemberRoutes.class,
          AssignedLimitsRoutes.class,
          StandardRoutes.class,
          ProviderRoutes.class,
          DefinitionRoutes.class,
          DefinitionShareRoutes.class,
          CheckRoutes.class,
          TestCallRoutes.class,
          KeyResolutionRoutes.class,
          DraftCheckRoutes.class,
          InstanceRoutes.class,
          UserKeyRoutes.class,
          BillingRoutes.class,
          KeyAgeRoutes.class,
          ShareRoutes.class,
          AccessRoutes.class,
          AttributionRoutes.class,
          StoredObjectRoutes.class,
          SharedObjectRoutes.class,
          ModelConfigRoutes.class,
          ModelRoutes.class,
          BareNameRoutes.class,
          ServiceModelRoutes.class,
          ModelResolutionRoutes.class,
          ProjectRoutes.class,
          ProjectShareRoutes.class,
          BorrowRequestRoutes.class,
          MutedAskersRoutes.class,
          TransferRoutes.class,
          ApprovalRoutes.class,
          ReviewRoutes.class,
          FormerReferenceRoutes.class,
          PriceRoutes.class,
          ServicePriceRoutes.class,
          BillRoutes.class,
          CapacityRoutes.class,
          ConnectionRoutes.class,
          ActivityRoutes.class,
          UsageRoutes.class,
          RefusalRoutes.class,
          OperationsRoutes.class,
          RetentionRoutes.class,
          AuditRoutes.class,
          ScimTokenRoutes.class,
          ScimRoutes.class,
          OAuthRoutes.class,
          IssuerRoutes.class,
          TokenExchangeGrant.class,
          Pages.class);

  private WebFeatures() {}
}
