package io.claviger.wiring;

import java.util.List;

/** The configuration classes of all features. */
final class FeatureConfigurations {
  private static final List<Class<?>> LISTED =
      List.of(
          SystemConfiguration.class,
          SharedConfiguration.class,
          PersistenceConfiguration.class,
          AccountsConfiguration.class,
          TrustsConfiguration.class,
          GroupsConfiguration.class,
          OAuthConfiguration.class,
          SessionsConfiguration.class,
          IdentityConfiguration.class,
          ScimConfiguration.class,
          StandardsConfiguration.class,
          ProvidersConfiguration.class,
          DefinitionsConfiguration.class,
          InstancesConfiguration.class,
          SharingConfiguration.class,
          ProjectsConfiguration.class,
          TransfersConfiguration.class,
          RequestsConfiguration.class,
          UserKeysConfiguration.class,
          ApprovalsConfiguration.class,
          ReviewsConfiguration.class,
          DefaultsConfiguration.class,
          ModelsConfiguration.class,
          RoutingConfiguration.class,
          SearchConfiguration.class,
          KeysConfiguration.class,
          IssuerConfiguration.class,
          PricesConfiguration.class,
          UsageConfiguration.class,
          BillsConfiguration.class,
          WebhooksConfiguration.class,
          BillingConfiguration.class,
          BudgetReportsConfiguration.class,
          CapacityConfiguration.class,
          CapacityReportsConfiguration.class,
          ConnectionsConfiguration.class,
          ActivityConfiguration.class,
          AuditConfiguration.class,
          RetentionConfiguration.class,
          BudgetLedgerConfiguration.class,
          BatchesConfiguration.class,
          GatewayConfiguration.class,
          ObjectsConfiguration.class,
          OperationsConfiguration.class);

  private FeatureConfigurations() {}

  static Class<?>[] all() {
    return LISTED.toArray(Class<?>[]::new);
  }
}
