package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.doctor.Examination;
import io.claviger.bootstrap.node.Node;

/**
 * The programs that the commands run, without the command line. Each program may throw {@link
 * io.claviger.host.StartRefused}. The lines of that exception are then printed, and the exit code
 * is 1.
 */
public record Programs(
    ServeCommand.Program serve,
    DemoCommand.Program demo,
    AdminTokenCommand.Program adminToken,
    SignInLinkCommand.Program signInLink,
    KeyCommand.Program keys,
    PricesCommand.Program importPrices,
    AuditExportCommand.Program auditExport,
    DoctorCommand.Program doctor) {

  /** The programs that the commands run, unless a test replaces them. */
  public static final Programs STANDARD =
      new Programs(
          Node::start,
          DemoCommand::start,
          AdminTokenCommand::renew,
          SignInLinkCommand::make,
          KeyCommand::open,
          PricesCommand::run,
          AuditExportCommand::write,
          Examination::of);
}
