/** What administrators see of the installation: its nodes, encryption keys and readiness. */
@NullMarked
package io.claviger.application.operations;

import org.jspecify.annotations.NullMarked;
