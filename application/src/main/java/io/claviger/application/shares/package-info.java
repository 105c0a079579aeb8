/** What shares of services, projects and definitions have in common. */
@NullMarked
package io.claviger.application.shares;

import org.jspecify.annotations.NullMarked;
