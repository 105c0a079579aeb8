package io.claviger.imports.shared;

import java.util.List;

/** What is imported from: the reader and the rules of another system. */
public interface ImportSource {
  /** The name of the other system in commands and in the audit trail, such as {@code coder}. */
  String program();

  /** Identifies the database in the same way as {@link ArrivalJournal#database}. */
  String identity();

  /**
   * Reads everything and decides what to make of it, each thing after those that it needs. Secrets
   * stay encrypted until they are needed.
   *
   * @param report receives what is not imported
   * @throws UnreadableSource when the database can't be read or its schema is not known
   * @throws WrongSourceKey when the given key opens none of the encrypted values
   */
  List<? extends Incoming> incoming(ReportBuilder report);

  /** The given key is not the one with which the source encrypts. The message names no secret. */
  final class WrongSourceKey extends RuntimeException {
    public WrongSourceKey(String why) {
      super(why);
    }
  }
}
