package io.claviger.application.fakes;

import io.claviger.application.contracts.AccessTokensContract;
import io.claviger.application.contracts.ActivityContract;
import io.claviger.application.contracts.ApiStandardsContract;
import io.claviger.application.contracts.AssignedLimitsContract;
import io.claviger.application.contracts.AuditEventsContract;
import io.claviger.application.contracts.AuditTrailContract;
import io.claviger.application.contracts.BareNamesContract;
import io.claviger.application.contracts.BillReadingsContract;
import io.claviger.application.contracts.BillsContract;
import io.claviger.application.contracts.BorrowRequestsContract;
import io.claviger.application.contracts.BudgetLedgerContract;
import io.claviger.application.contracts.CallContextsContract;
import io.claviger.application.contracts.ChangeFeedContract;
import io.claviger.application.contracts.ChangeSubjectsContract;
import io.claviger.application.contracts.ClientSecretsContract;
import io.claviger.application.contracts.ConnectionsContract;
import io.claviger.application.contracts.DefaultServicesContract;
import io.claviger.application.contracts.DefinitionSharesContract;
import io.claviger.application.contracts.DefinitionsContract;
import io.claviger.application.contracts.DeviceCodesContract;
import io.claviger.application.contracts.EncryptionKeysContract;
import io.claviger.application.contracts.GroupsContract;
import io.claviger.application.contracts.IdsContract;
import io.claviger.application.contracts.InstanceListsContract;
import io.claviger.application.contracts.InstancesContract;
import io.claviger.application.contracts.ModelConfigsContract;
import io.claviger.application.contracts.ModelListsContract;
import io.claviger.application.contracts.ModelServicesContract;
import io.claviger.application.contracts.ModelTargetsContract;
import io.claviger.application.contracts.NamesContract;
import io.claviger.application.contracts.NeedyInstancesContract;
import io.claviger.application.contracts.NodesContract;
import io.claviger.application.contracts.ObjectCountsContract;
import io.claviger.application.contracts.PaceLeasesContract;
import io.claviger.application.contracts.PermitLeasesContract;
import io.claviger.application.contracts.PricesContract;
import io.claviger.application.contracts.ProjectSharesContract;
import io.claviger.application.contracts.ProjectsContract;
import io.claviger.application.contracts.ProvidersContract;
import io.claviger.application.contracts.RefreshTokensContract;
import io.claviger.application.contracts.RejectedKeysContract;
import io.claviger.application.contracts.RoutingContextsContract;
import io.claviger.application.contracts.ScimContract;
import io.claviger.application.contracts.SealedValuesContract;
import io.claviger.application.contracts.SessionsContract;
import io.claviger.application.contracts.SharesContract;
import io.claviger.application.contracts.SignInsContract;
import io.claviger.application.contracts.SyncedGroupsContract;
import io.claviger.application.contracts.TransactionsContract;
import io.claviger.application.contracts.TrustsContract;
import io.claviger.application.contracts.UsageModelsContract;
import io.claviger.application.contracts.UsageStoreContract;
import io.claviger.application.contracts.UsageSumsContract;
import io.claviger.application.contracts.UserKeysContract;
import io.claviger.application.contracts.UsersContract;
import io.claviger.application.contracts.WebhooksContract;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.webhooks.Webhook;
import io.claviger.domain.webhooks.WebhookMessage;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** Runs the contract tests of the ports on the implementations in memory. */
final class InMemoryContractsTest {
  @Nested
  final class NamesInMemory extends NamesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ObjectCountsInMemory extends ObjectCountsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class UsersInMemory extends UsersContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class AccessTokensInMemory extends AccessTokensContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ApiStandardsInMemory extends ApiStandardsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ProvidersInMemory extends ProvidersContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class DefinitionsInMemory extends DefinitionsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class InstancesInMemory extends InstancesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class NeedyInstancesInMemory extends NeedyInstancesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class InstanceListsInMemory extends InstanceListsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class SharesInMemory extends SharesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class DefinitionSharesInMemory extends DefinitionSharesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ProjectsInMemory extends ProjectsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class GroupsInMemory extends GroupsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class AssignedLimitsInMemory extends AssignedLimitsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ProjectSharesInMemory extends ProjectSharesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class EncryptionKeysInMemory extends EncryptionKeysContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class AuditTrailInMemory extends AuditTrailContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class AuditEventsInMemory extends AuditEventsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class TransactionsInMemory extends TransactionsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class CallContextsInMemory extends CallContextsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class UserKeysInMemory extends UserKeysContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class DefaultServicesInMemory extends DefaultServicesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ModelConfigsInMemory extends ModelConfigsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ModelServicesInMemory extends ModelServicesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class IdsInMemory extends IdsContract {
    @Override
    protected Ids newIds() {
      return new InMemoryIds();
    }
  }

  @Nested
  final class ChangesInMemory extends ChangeFeedContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class PermitLeasesInMemory extends PermitLeasesContract {
    private final InMemoryPorts claviger = new InMemoryPorts();

    @Override
    protected Ports freshPorts() {
      return claviger;
    }

    @Override
    protected void pass(Duration time) {
      claviger.clock().advance(time);
    }
  }

  @Nested
  final class PaceLeasesInMemory extends PaceLeasesContract {
    private final InMemoryPorts claviger = new InMemoryPorts();

    @Override
    protected Ports freshPorts() {
      return claviger;
    }

    @Override
    protected void pass(Duration time) {
      claviger.clock().advance(time);
    }
  }

  @Nested
  final class BudgetLedgerInMemory extends BudgetLedgerContract {
    private final InMemoryPorts claviger = new InMemoryPorts();

    @Override
    protected Ports freshPorts() {
      return claviger;
    }

    @Override
    protected void pass(Duration time) {
      claviger.clock().advance(time);
    }

    @Override
    protected void raise(BudgetAccount account, long amount, Duration time) {
      claviger.budgetLedger().raise(account, amount, claviger.clock().instant().plus(time));
    }
  }

  @Nested
  final class BillsInMemory extends BillsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class BillReadingsInMemory extends BillReadingsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class PricesInMemory extends PricesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class UsageInMemory extends UsageStoreContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class UsageSumsInMemory extends UsageSumsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class UsageModelsInMemory extends UsageModelsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class NodesInMemory extends NodesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class SealedValuesInMemory extends SealedValuesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class RoutingContextsInMemory extends RoutingContextsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class BareNamesInMemory extends BareNamesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ModelTargetsInMemory extends ModelTargetsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ModelListsInMemory extends ModelListsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ClientSecretsInMemory extends ClientSecretsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ActivityInMemory extends ActivityContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ConnectionsInMemory extends ConnectionsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class RejectedKeysInMemory extends RejectedKeysContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ScimInMemory extends ScimContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class TrustsInMemory extends TrustsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class BorrowRequestsInMemory extends BorrowRequestsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class WebhooksInMemory extends WebhooksContract {
    private InMemoryPorts memory = new InMemoryPorts();

    @Override
    protected Ports freshPorts() {
      memory = new InMemoryPorts();
      return memory;
    }

    @Override
    protected void write(Webhook.Id webhook, WebhookMessage message) {
      memory.webhooks().write(webhook, message);
    }
  }

  @Nested
  final class SessionsInMemory extends SessionsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class DeviceCodesInMemory extends DeviceCodesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class RefreshTokensInMemory extends RefreshTokensContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class SignInsInMemory extends SignInsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class SyncedGroupsInMemory extends SyncedGroupsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }

  @Nested
  final class ChangeSubjectsInMemory extends ChangeSubjectsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryPorts();
    }
  }
}
