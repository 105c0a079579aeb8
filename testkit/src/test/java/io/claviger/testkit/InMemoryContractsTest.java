package io.claviger.testkit;

import io.claviger.application.shared.port.Ids;
import io.claviger.testkit.contract.AccessTokensContract;
import io.claviger.testkit.contract.ApiStandardsContract;
import io.claviger.testkit.contract.AuditEventsContract;
import io.claviger.testkit.contract.AuditTrailContract;
import io.claviger.testkit.contract.CallContextsContract;
import io.claviger.testkit.contract.ChangeFeedContract;
import io.claviger.testkit.contract.DefaultServicesContract;
import io.claviger.testkit.contract.DefinitionSharesContract;
import io.claviger.testkit.contract.DefinitionsContract;
import io.claviger.testkit.contract.EncryptionKeysContract;
import io.claviger.testkit.contract.IdsContract;
import io.claviger.testkit.contract.InstanceListsContract;
import io.claviger.testkit.contract.InstancesContract;
import io.claviger.testkit.contract.ModelConfigsContract;
import io.claviger.testkit.contract.ModelServicesContract;
import io.claviger.testkit.contract.NodesContract;
import io.claviger.testkit.contract.ObjectCountsContract;
import io.claviger.testkit.contract.PermitLeasesContract;
import io.claviger.testkit.contract.ProjectSharesContract;
import io.claviger.testkit.contract.ProjectsContract;
import io.claviger.testkit.contract.SealedValuesContract;
import io.claviger.testkit.contract.SharesContract;
import io.claviger.testkit.contract.TransactionsContract;
import io.claviger.testkit.contract.UsageBooksContract;
import io.claviger.testkit.contract.UserKeysContract;
import io.claviger.testkit.contract.UsersContract;
import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** The ports in memory keep what the ports promise. */
final class InMemoryContractsTest {
  @Nested
  final class ObjectCountsInMemory extends ObjectCountsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class UsersInMemory extends UsersContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class AccessTokensInMemory extends AccessTokensContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class ApiStandardsInMemory extends ApiStandardsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class DefinitionsInMemory extends DefinitionsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class InstancesInMemory extends InstancesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class InstanceListsInMemory extends InstanceListsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class SharesInMemory extends SharesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class DefinitionSharesInMemory extends DefinitionSharesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class ProjectsInMemory extends ProjectsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class ProjectSharesInMemory extends ProjectSharesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class EncryptionKeysInMemory extends EncryptionKeysContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class AuditTrailInMemory extends AuditTrailContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class AuditEventsInMemory extends AuditEventsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class TransactionsInMemory extends TransactionsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class CallFactsInMemory extends CallContextsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class UserKeysInMemory extends UserKeysContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class DefaultServicesInMemory extends DefaultServicesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class ModelConfigsInMemory extends ModelConfigsContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class ModelServicesInMemory extends ModelServicesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
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
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class PermitLeasesInMemory extends PermitLeasesContract {
    private final InMemoryClaviger claviger = new InMemoryClaviger();

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
  final class UsageBooksInMemory extends UsageBooksContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class NodesInMemory extends NodesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }

  @Nested
  final class SealedValuesInMemory extends SealedValuesContract {
    @Override
    protected Ports freshPorts() {
      return new InMemoryClaviger();
    }
  }
}
