package io.claviger.wiring.node;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.host.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.UnsuitableDatabase;

/** Migrates the schema before any other part of the program uses the database. */
public final class SchemaAtStart {
  private SchemaAtStart() {}

  /**
   * @throws StartRefused if the database can't be reached, or if Claviger can't use it
   */
  public static void migrate(Schema schema) {
    try {
      schema.migrate();
    } catch (UnsuitableDatabase e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database can't be reached", e);
    }
  }
}
