/** What budgets need of the database. */
@NullMarked
package io.claviger.application.budgets.port;

import org.jspecify.annotations.NullMarked;
