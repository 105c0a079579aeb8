/** Transfers of services and projects to other users, and the references that these had before. */
@NullMarked
package io.claviger.application.transfers;

import org.jspecify.annotations.NullMarked;
