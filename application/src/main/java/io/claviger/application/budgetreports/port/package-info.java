/** What reports of budgets need of the database. */
@NullMarked
package io.claviger.application.budgetreports.port;

import org.jspecify.annotations.NullMarked;
