package io.perpetua.accounts.api;

import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Which administrator sends the request, as {@link AdminFilter} found. */
@RequestScoped
public class AdminCaller {
    private @Nullable AdminRow admin;

    /** The administrator. @throws IllegalStateException where no permission is required */
    public AdminRow admin() {
        AdminRow known = admin;
        if (known == null) {
            throw new IllegalStateException("the endpoint requires no permission");
        }
        return known;
    }

    /** Their id. */
    public long id() {
        return admin().id();
    }

    void identify(AdminRow found) {
        admin = found;
    }
}
