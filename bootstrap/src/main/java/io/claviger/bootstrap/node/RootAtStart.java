package io.claviger.bootstrap.node;

import io.claviger.application.accounts.Users;
import io.claviger.domain.accounts.TokenText;
import io.claviger.operator.Confidential;
import io.claviger.operator.DataDirectory;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that somebody can administer this node's Claviger. */
final class RootAtStart {
  private static final Logger LOG = LoggerFactory.getLogger(RootAtStart.class);

  private RootAtStart() {}

  /**
   * @param fromEnvironment {@code CLAVIGER_ADMIN_TOKEN}
   * @param data where a first token is kept; empty with the operator's own database, where it comes
   *     from {@code admin-token}
   */
  static void establish(
      Users users, Optional<TokenText> fromEnvironment, Optional<DataDirectory> data) {
    if (fromEnvironment.isPresent()) {
      users.establishRoot(fromEnvironment.get());
    } else if (data.isPresent()) {
      users.createRootAtFirstStart().ifPresent(token -> keep(token, data.get()));
    }
  }

  private static void keep(TokenText token, DataDirectory data) {
    data.replace(DataDirectory.ADMIN_TOKEN, Confidential.of(token.reveal()));
    LOG.info(
        "an access token for root was put into {}", data.path().resolve(DataDirectory.ADMIN_TOKEN));
  }
}
