/** Providers' bills: how they are read, and how they are compared with what was counted. */
@NullMarked
package io.claviger.application.bills;

import org.jspecify.annotations.NullMarked;
