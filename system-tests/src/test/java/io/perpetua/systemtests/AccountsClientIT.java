package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.perpetua.accounts.client.AdministratorsApi;
import io.perpetua.accounts.client.AdministratorsSignInApi;
import io.perpetua.accounts.client.AgentsApi;
import io.perpetua.accounts.client.ApiClient;
import io.perpetua.accounts.client.ApiException;
import io.perpetua.accounts.client.ApprovalsApi;
import io.perpetua.accounts.client.AuditLogApi;
import io.perpetua.accounts.client.DepositsApi;
import io.perpetua.accounts.client.ExchangeKeysApi;
import io.perpetua.accounts.client.FundsApi;
import io.perpetua.accounts.client.HypercoreApi;
import io.perpetua.accounts.client.LedgerApi;
import io.perpetua.accounts.client.LedgerForAdministratorsApi;
import io.perpetua.accounts.client.SignInApi;
import io.perpetua.accounts.client.SubaccountsApi;
import io.perpetua.accounts.client.SystemEventsApi;
import io.perpetua.accounts.client.UsersApi;
import io.perpetua.accounts.client.UsersForAdministratorsApi;
import io.perpetua.accounts.client.WalletsApi;
import io.perpetua.accounts.client.WithdrawalsApi;
import io.perpetua.accounts.client.model.AdjustmentRequest;
import io.perpetua.accounts.client.model.AdminIdentity;
import io.perpetua.accounts.client.model.AdminPermission;
import io.perpetua.accounts.client.model.AdminPromotion;
import io.perpetua.accounts.client.model.AdminReset;
import io.perpetua.accounts.client.model.AdminRole;
import io.perpetua.accounts.client.model.AdminSignInRequest;
import io.perpetua.accounts.client.model.AdminState;
import io.perpetua.accounts.client.model.AdminToken;
import io.perpetua.accounts.client.model.AgentFilter;
import io.perpetua.accounts.client.model.AgentRequest;
import io.perpetua.accounts.client.model.AgentScope;
import io.perpetua.accounts.client.model.Approval;
import io.perpetua.accounts.client.model.ApprovalState;
import io.perpetua.accounts.client.model.AssetTransfer;
import io.perpetua.accounts.client.model.AssetTransferRequest;
import io.perpetua.accounts.client.model.Balance;
import io.perpetua.accounts.client.model.Challenge;
import io.perpetua.accounts.client.model.ChallengeRequest;
import io.perpetua.accounts.client.model.Closing;
import io.perpetua.accounts.client.model.ClosingState;
import io.perpetua.accounts.client.model.DeletionRequest;
import io.perpetua.accounts.client.model.DepositNotice;
import io.perpetua.accounts.client.model.Direction;
import io.perpetua.accounts.client.model.EnrolmentConfirmation;
import io.perpetua.accounts.client.model.EnrolmentPart;
import io.perpetua.accounts.client.model.EnrolmentRequest;
import io.perpetua.accounts.client.model.ExchangeKey;
import io.perpetua.accounts.client.model.ExchangeKeyChange;
import io.perpetua.accounts.client.model.ExchangeKeyRequest;
import io.perpetua.accounts.client.model.ExchangeKeyScope;
import io.perpetua.accounts.client.model.FaucetRequest;
import io.perpetua.accounts.client.model.Fund;
import io.perpetua.accounts.client.model.HypercoreSubaccount;
import io.perpetua.accounts.client.model.HypercoreSubaccountChange;
import io.perpetua.accounts.client.model.HypercoreSubaccountRequest;
import io.perpetua.accounts.client.model.KycDecision;
import io.perpetua.accounts.client.model.KycStatus;
import io.perpetua.accounts.client.model.LinkRequest;
import io.perpetua.accounts.client.model.NewAdmin;
import io.perpetua.accounts.client.model.OidcChallenge;
import io.perpetua.accounts.client.model.OidcSignInRequest;
import io.perpetua.accounts.client.model.OperatorApproval;
import io.perpetua.accounts.client.model.Outcome;
import io.perpetua.accounts.client.model.PasswordChange;
import io.perpetua.accounts.client.model.ProfileChange;
import io.perpetua.accounts.client.model.ProofRequest;
import io.perpetua.accounts.client.model.Reconciliation;
import io.perpetua.accounts.client.model.RefreshRequest;
import io.perpetua.accounts.client.model.RiskDecision;
import io.perpetua.accounts.client.model.RiskLevel;
import io.perpetua.accounts.client.model.RoleChange;
import io.perpetua.accounts.client.model.SignatureRequest;
import io.perpetua.accounts.client.model.Subaccount;
import io.perpetua.accounts.client.model.SubaccountRequest;
import io.perpetua.accounts.client.model.SuspensionDecision;
import io.perpetua.accounts.client.model.SystemEventType;
import io.perpetua.accounts.client.model.Token;
import io.perpetua.accounts.client.model.TokenRequest;
import io.perpetua.accounts.client.model.TransactionKind;
import io.perpetua.accounts.client.model.UserSearch;
import io.perpetua.accounts.client.model.UserState;
import io.perpetua.accounts.client.model.VerificationRequest;
import io.perpetua.accounts.client.model.Withdrawal;
import io.perpetua.accounts.client.model.WithdrawalAddressRequest;
import io.perpetua.accounts.client.model.WithdrawalNotice;
import io.perpetua.accounts.client.model.WithdrawalRequest;
import io.perpetua.accounts.client.model.WithdrawalState;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Wallet;
import io.perpetua.testkit.LocalExchanges;
import io.perpetua.testkit.OpenIdProvider;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Users and administrators who know nothing of accounts-service but its openapi.yaml: all they do,
 * they do through a client that was generated from it, which takes no answer that the document does
 * not describe. In the end every operation of the document has succeeded.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccountsClientIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration TOKEN_USE = Stack.TOKEN_LIFE.dividedBy(2);
    private static final String PASSWORD = "a password of the client's";
    private static final int MOST_ATTEMPTS = 30;

    private static final Stack STACK = Stack.shared();
    private static final Covered COVERED = new Covered();
    private static final Api API = new Api(STACK.frontDoor());

    private static User alice;
    private static Administrator root;
    private static String subaccount;

    /** The operations of the document, and which of them have succeeded. */
    private static final class Covered {
        private final Set<String> described = new TreeSet<>();
        private final Set<String> missing;

        Covered() {
            try (Api service = new Api(STACK.service(8081))) {
                service.get("/q/openapi?format=json")
                        .path("paths")
                        .properties()
                        .forEach(
                                path ->
                                        path.getValue()
                                                .fieldNames()
                                                .forEachRemaining(
                                                        verb ->
                                                                described.add(
                                                                        verb.toUpperCase(
                                                                                        Locale.ROOT)
                                                                                + " "
                                                                                + path.getKey())));
            }
            assertThat(described).hasSizeGreaterThan(70);
            missing = new TreeSet<>(described);
        }

        void answered(HttpResponse<?> response) {
            if (response.statusCode() / 100 == 2) {
                String called =
                        response.request().method() + " " + response.request().uri().getPath();
                // A path in words goes before one with a name in it.
                if (described.contains(called)) {
                    missing.remove(called);
                } else {
                    missing.removeIf(
                            operation -> called.matches(operation.replaceAll("\\{\\w+}", "[^/]+")));
                }
            }
        }
    }

    /** A user with a wallet and a sign-in that is kept alive. */
    private static final class User {
        private final Wallet wallet = Wallet.create();
        private final SignInApi signIns = new SignInApi(client(request -> {}));
        private final ApiClient client = client(request -> bear(request, this::token));
        private Token token;
        private Instant since;

        User() throws ApiException {
            signIn();
        }

        final void signIn() throws ApiException {
            Challenge challenge = signIns.requestChallenge(address(wallet));
            take(
                    signIns.signIn(
                            new TokenRequest()
                                    .message(challenge.getMessage())
                                    .signature(wallet.sign(challenge.getMessage()))));
        }

        private void take(Token issued) {
            token = issued;
            since = Instant.now();
        }

        private String token() throws ApiException {
            if (Instant.now().isAfter(since.plus(TOKEN_USE))) {
                take(
                        signIns.refreshSignIn(
                                new RefreshRequest().refreshToken(token.getRefreshToken())));
            }
            return token.getAccessToken();
        }

        String id() {
            return token.getUserId();
        }
    }

    @BeforeAll
    static void begin() throws Exception {
        STACK.awaitReady();
        root = Administrator.first(STACK, API);
        alice = new User();
        subaccount =
                new SubaccountsApi(alice.client).listSubaccounts().getItems().getFirst().getId();
    }

    @AfterAll
    static void end() {
        API.close();
    }

    @Test
    @Order(1)
    void shouldSignInAndOutWithSeveralWallets() throws Exception {
        // Given
        SignInApi signIns = new SignInApi(alice.client);
        WalletsApi wallets = new WalletsApi(alice.client);
        Wallet second = Wallet.create();

        // When
        Challenge link = wallets.requestLinkChallenge(address(second));
        wallets.linkWallet(
                new LinkRequest()
                        .message(link.getMessage())
                        .signature(second.sign(link.getMessage())));
        String first = alice.token.getSignInId();
        alice.signIn();
        String other = alice.token.getSignInId();
        alice.signIn();
        alice.since = Instant.EPOCH;

        // Then
        assertThat(signIns.getTokenKeys().getKeys()).allMatch(key -> key.getKid() != null);
        assertThat(wallets.listWallets().getItems()).hasSize(2);
        assertThat(signIns.listSignIns().getItems())
                .anyMatch(one -> one.getCurrent() && !Set.of(first, other).contains(one.getId()));
        assertThat(signIns.endSignIn(other).getSignInsEnded()).isEqualTo(1);
        assertThat(signIns.endOtherSignIns().getSignInsEnded()).isEqualTo(1);
        assertThat(wallets.unlinkWallet(second.address()).getSignInsEnded()).isZero();
        assertThat(signIns.signOut().getSignInsEnded()).isEqualTo(1);
        alice.signIn();
    }

    @Test
    @Order(2)
    void shouldKeepAProfileAndSubaccounts() throws Exception {
        UsersApi users = new UsersApi(alice.client);
        SubaccountsApi subaccounts = new SubaccountsApi(alice.client);
        String name = "alice-" + alice.id();

        users.changeMe(new ProfileChange().username(name).email(name + "@example.org"));
        Subaccount opened = subaccounts.openSubaccount(new SubaccountRequest().name("second"));

        assertThat(users.getMe().getUsername()).isEqualTo(name);
        assertThat(subaccounts.listSubaccounts().getItems()).contains(opened);
        assertThat(users.getMyStatistics().getFills()).isZero();
        assertThat(users.listMyDays(null, "10").getItems()).isEmpty();
        assertThat(users.getPortfolio().getLifetime().getFills()).isZero();
    }

    @Test
    @Order(3)
    void shouldDepositAndWithdraw() throws Exception {
        // Given
        DepositsApi deposits = new DepositsApi(alice.client);
        LedgerApi ledger = new LedgerApi(alice.client);
        WithdrawalsApi withdrawals = new WithdrawalsApi(alice.client);
        Subaccount account =
                new SubaccountsApi(alice.client).listSubaccounts().getItems().getFirst();

        // When
        deposits.useFaucet(
                new FaucetRequest().subaccountId(subaccount).amount("1000").reference("start"));
        DepositNotice notice =
                new DepositNotice()
                        .reference("client-" + alice.id())
                        .address(account.getAddress())
                        .asset("USDC")
                        .amount("250.5");
        deposits.reportDeposit(notice, signature(notice));
        WithdrawalAddressRequest book =
                new WithdrawalAddressRequest().label("Mine").address(alice.wallet.address());
        withdrawals.addWithdrawalAddress(book);
        String spare =
                withdrawals.addWithdrawalAddress(book.label("Spare").address(wallet())).getId();
        withdrawals.removeWithdrawalAddress(spare);
        cancelOne(withdrawals);
        Withdrawal confirmed = confirmed(withdrawals);
        WithdrawalNotice arrived =
                new WithdrawalNotice()
                        .withdrawalId(confirmed.getId())
                        .outcome(Outcome.CONFIRMED)
                        .reference(confirmed.getCustodyReference());

        // Then
        assertThat(withdrawals.reportWithdrawal(arrived, signature(arrived)).getState())
                .isEqualTo(WithdrawalState.CONFIRMED);
        assertThat(withdrawals.listWithdrawalAddresses().getItems())
                .singleElement()
                .matches(one -> one.getLabel().equals("Mine"));
        assertThat(withdrawals.listWithdrawals(null, "200").getItems()).contains(confirmed);
        assertThat(deposits.listDeposits(null, null).getItems()).hasSize(2);
        assertThat(ledger.listBalances(subaccount).getItems()).hasSize(1);
        assertThat(
                        ledger.getStatement(
                                        subaccount,
                                        null,
                                        null,
                                        null,
                                        TransactionKind.DEPOSIT,
                                        null,
                                        null)
                                .getItems())
                .hasSize(2);
        assertThat(ledger.getTrialBalance().getBalanced()).isTrue();
    }

    @Test
    @Order(3)
    void shouldMoveAnotherAssetBetweenSubaccounts() throws Exception {
        // Given
        User carol = new User();
        SubaccountsApi subaccounts = new SubaccountsApi(carol.client);
        String first = subaccounts.listSubaccounts().getItems().getFirst().getId();
        String second = subaccounts.openSubaccount(new SubaccountRequest().name("second")).getId();
        LedgerApi ledger = new LedgerApi(carol.client);

        // When
        new DepositsApi(carol.client)
                .useFaucet(new FaucetRequest().subaccountId(first).asset("USDT").amount("10"));
        AssetTransfer moved =
                ledger.transferAsset(
                        new AssetTransferRequest()
                                .fromSubaccountId(first)
                                .toSubaccountId(second)
                                .asset("USDT")
                                .amount("2.5")
                                .clientTransferId("t1"));

        // Then
        assertThat(
                        ledger.getStatement(
                                        second,
                                        "USDT",
                                        null,
                                        null,
                                        TransactionKind.TRANSFER,
                                        null,
                                        null)
                                .getItems())
                .singleElement()
                .matches(line -> line.getTransferId().equals(moved.getTransferId()));
        assertThat(ledger.listBalances(first).getItems())
                .extracting(Balance::getAsset, Balance::getBalance)
                .containsExactly(tuple("USDC", "0"), tuple("USDT", "7.5"));
    }

    @Test
    @Order(4)
    void shouldSignForOtherExchanges() throws Exception {
        ExchangeKeysApi keys = new ExchangeKeysApi(alice.client);
        ExchangeKey added =
                keys.addExchangeKey(
                        new ExchangeKeyRequest()
                                .clientKeyId("binance-1")
                                .exchange("Binance")
                                .key(LocalExchanges.KEY)
                                .secret(LocalExchanges.BINANCE_SECRET));
        String id = added.getId();

        keys.changeExchangeKey(id, new ExchangeKeyChange().name("Grid bot"));

        assertThat(keys.getExchangeKey(id).getName()).isEqualTo("Grid bot");
        assertThat(keys.listExchangeKeys(null, null).getItems()).hasSize(1);
        assertThat(
                        keys.signWithExchangeKey(
                                        id,
                                        new SignatureRequest()
                                                .purpose(ExchangeKeyScope.TRADE)
                                                .payload("symbol=BTCUSDT&side=BUY"))
                                .getSignature())
                .matches("[0-9a-f]{64}");
        assertThat(keys.fetchFunds(id).getItems()).hasSize(2);
        assertThat(new FundsApi(alice.client).listFunds(null, null).getItems())
                .extracting(Fund::getExchange)
                .containsExactly("perpetua", "Binance", "Binance");
        assertThat(keys.removeExchangeKey(id).getId()).isEqualTo(id);
    }

    @Test
    @Order(5)
    void shouldKeepHypercoreSubaccounts() throws Exception {
        HypercoreApi hypercore = new HypercoreApi(alice.client);
        HypercoreSubaccount added =
                hypercore.addHypercoreSubaccount(
                        new HypercoreSubaccountRequest()
                                .userId(Long.parseLong(alice.id()))
                                .userWallet(alice.wallet.address())
                                .subAccountPubkey(wallet())
                                .subAccountPrivkey("a private key of nothing"));

        hypercore.changeHypercoreSubaccount(
                added.getId().toString(), new HypercoreSubaccountChange().isActive(false));

        assertThat(hypercore.listHypercoreSubaccounts(alice.id(), "true")).isEmpty();
        assertThat(hypercore.listHypercoreSubaccountsOfWallet(alice.wallet.address(), "false"))
                .singleElement()
                .matches(one -> !one.getIsActive());
        assertThat(hypercore.revealHypercoreCredentials(alice.id()).getSubAccountPrivkey())
                .isEqualTo("a private key of nothing");
    }

    @Test
    @Order(6)
    void shouldReadThroughAnAgentWhatItsFilterLetsItNear() throws Exception {
        // Given
        AgentsApi agents = new AgentsApi(alice.client);
        Wallet key = Wallet.create();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        String proof =
                String.join(
                        "\n",
                        "Perpetua agent registration",
                        STACK.frontDoor().getAuthority(),
                        "User: " + alice.id(),
                        "Agent: " + key.address().toLowerCase(Locale.ROOT),
                        "Issued at: " + now);

        // When
        agents.registerAgent(
                new AgentRequest()
                        .address(key.address())
                        .label("reader")
                        .addScopesItem(AgentScope.READ)
                        .filter(new AgentFilter().addSubaccountsItem(subaccount))
                        .expiresAt(now.plus(1, ChronoUnit.DAYS).atOffset(ZoneOffset.UTC))
                        .proof(
                                new ProofRequest()
                                        .issuedAt(now.atOffset(ZoneOffset.UTC))
                                        .signature(key.sign(proof))));

        // Then
        LedgerApi robot = new LedgerApi(client(request -> sign(request, key)));
        assertThat(await(() -> robot.listBalances(null), page -> true).getItems())
                .singleElement()
                .matches(balance -> balance.getSubaccountId().equals(subaccount));
        assertThat(agents.listAgents().getItems()).hasSize(1);
        assertThat(agents.getAgent(key.address()).getFilter().getSubaccounts())
                .containsExactly(subaccount);
        agents.removeAgent(key.address());
    }

    @Test
    @Order(7)
    void shouldLeaveForAWhileAndForGood() throws Exception {
        User bob = new User();
        UsersApi users = new UsersApi(bob.client);

        users.deactivateMe();
        Closing left = await(users::getClosing, closing -> closing.getState() == ClosingState.DONE);
        assertThat(left.getObstacles()).isEmpty();
        assertThat(users.reactivateMe().getState()).isEqualTo(UserState.ACTIVE);
        String message = users.requestDeletionChallenge(address(bob.wallet)).getMessage();
        Closing gone =
                users.deleteMe(
                        new DeletionRequest().message(message).signature(bob.wallet.sign(message)));

        assertThat(gone.getObstacles()).isEmpty();
    }

    @Test
    @Order(8)
    void shouldAdministerUsersWithFourEyes() throws Exception {
        // Given
        ApiClient maker = client(request -> bear(request, root::token));
        AdministratorsApi admins = new AdministratorsApi(maker);
        ApprovalsApi asking = new ApprovalsApi(maker);
        Checker checker = Checker.enrol(admins, asking);
        UsersForAdministratorsApi users = new UsersForAdministratorsApi(maker);
        ApprovalsApi deciding = new ApprovalsApi(checker.client());
        AdjustmentRequest adjustment =
                new AdjustmentRequest()
                        .subaccountId(subaccount)
                        .direction(Direction.CREDIT)
                        .amount("12.5")
                        .reason("a deposit that went astray")
                        .reference("client-" + alice.id());

        // When
        String id = alice.id();
        users.decideKyc(id, new KycDecision().status(KycStatus.VERIFIED));
        users.decideRisk(id, new RiskDecision().riskLevel(RiskLevel.LOW).tradingTier(2));
        SuspensionDecision suspension = new SuspensionDecision().reason("asked for");
        users.decideSuspension(id, suspension.suspended(true));
        users.decideSuspension(id, suspension.suspended(false));
        Approval approved = deciding.approve(asking.requestAdjustment(adjustment).getId());
        Approval rejected =
                deciding.reject(
                        asking.requestAdjustment(adjustment.reference("other-" + id)).getId());

        // Then
        assertThat(asking.getApproval(approved.getId()).getState())
                .isEqualTo(ApprovalState.EXECUTED);
        assertThat(asking.listApprovals(null, null, ApprovalState.REJECTED).getItems())
                .contains(rejected);
        assertThat(users.getUser(id).getUser().getTradingTier()).isEqualTo(2);
        assertThat(
                        users.listUsers(
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        alice.wallet.address())
                                .getItems())
                .singleElement()
                .matches(one -> one.getKycStatus() == KycStatus.VERIFIED);
        assertThat(
                        users.searchUsers(new UserSearch().email("ALICE-" + id + "@example.org"))
                                .getItems())
                .singleElement()
                .matches(one -> one.getId().equals(id));
        String third = Made.make(admins, asking, "client-third", AdminRole.ADMIN).id();
        AdminPromotion promotion =
                new AdminPromotion()
                        .role(AdminRole.SUPER_ADMIN)
                        .reason("takes over")
                        .reference("client-third-up");
        deciding.approve(admins.requestAdminPromotion(third, promotion).getId());
        admins.changeAdminRole(third, new RoleChange().role(AdminRole.RISK_MANAGER));
        AdminReset lost = new AdminReset().reason("lost the phone").reference("client-third-reset");
        Approval reset = deciding.approve(admins.requestAdminReset(third, lost).getId());
        assertThat(deciding.takeEnrolmentPart(reset.getId()).getParts()).isEqualTo(2);
        assertThat(admins.disableAdmin(third).getState()).isEqualTo(AdminState.DISABLED);
        OperatorApproval operator =
                new OperatorApproval().operatorSecret(STACK.secret("admin-bootstrap"));
        assertThat(asking.approveAsOperator(Administrator.secondsApproval(), operator))
                .as("approved in the same way before")
                .matches(Approval::getByOperator);
        assertThat(admins.listAdmins().getItems()).anyMatch(one -> one.getId().equals(third));
        checker.changePassword();
    }

    @Test
    @Order(9)
    void shouldSignAnAdministratorInByTheOpenIdProvider() throws Exception {
        // Given
        AdministratorsApi admins =
                new AdministratorsApi(client(request -> bear(request, root::token)));
        AdministratorsSignInApi entrance = new AdministratorsSignInApi(client(request -> {}));
        OpenIdProvider provider = STACK.openIdProvider();
        ApprovalsApi asking = new ApprovalsApi(client(request -> bear(request, root::token)));
        Made made = Made.make(admins, asking, "client-oidc", AdminRole.ADMIN);
        Authenticator authenticator = enrol(entrance, "client-oidc", made.token());
        String id = made.id();
        AdminIdentity identity =
                new AdminIdentity().issuer(provider.issuer().toString()).subject("client");

        // When
        admins.linkAdminIdentity(id, identity);
        OidcChallenge challenge = entrance.requestAdminOidcChallenge();
        AdminToken token =
                entrance.signInAdminByOidc(
                        new OidcSignInRequest()
                                .idToken(provider.token("client", challenge.getNonce()))
                                .code(authenticator.nextCode()));

        // Then
        assertThat(challenge.getIssuer()).isEqualTo(provider.issuer().toString());
        assertThat(token.getAdminId()).isEqualTo(id);
        assertThat(admins.unlinkAdminIdentity(id).getIdentity()).isNull();
    }

    @Test
    @Order(10)
    void shouldProveTheLedgerAndTheAuditLog() throws Exception {
        ApiClient client = client(request -> bear(request, root::token));
        LedgerForAdministratorsApi ledger = new LedgerForAdministratorsApi(client);
        AuditLogApi audit = new AuditLogApi(client);

        Reconciliation started = await(ledger::startReconciliation, run -> true);
        Reconciliation done =
                await(() -> ledger.getReconciliation(started.getId()), Reconciliation::getDone);

        assertThat(ledger.listReconciliations(null, null).getItems()).contains(done);
        assertThat(ledger.listDifferences(done.getId(), null, null).getItems()).isEmpty();
        assertThat(ledger.getTrialBalanceAsAdmin().getBalanced()).isTrue();
        assertThat(audit.verifyAudit(new VerificationRequest()).getWhole()).isTrue();
        assertThat(
                        new SystemEventsApi(client)
                                .listSystemEvents(
                                        null,
                                        null,
                                        null,
                                        null,
                                        null,
                                        SystemEventType.SERVICE_STARTED)
                                .getItems())
                .isNotEmpty();
        assertThat(
                        audit.listAudit(
                                        null,
                                        null,
                                        "USER",
                                        null,
                                        null,
                                        null,
                                        "user:" + alice.id(),
                                        null)
                                .getItems())
                .allMatch(one -> one.getActorId().equals(alice.id()));
        assertThat(Files.readAllLines(audit.exportAudit("0").toPath()).getFirst())
                .contains("\"number\":1,");
    }

    @Test
    @Order(11)
    void shouldHaveSucceededWithEveryOperationOfTheDocument() {
        assertThat(COVERED.missing).isEmpty();
    }

    /** An administrator whom the client enrols. */
    private record Checker(ApiClient client, Authenticator authenticator) {
        private static final String NAME = "client-checker";

        static Checker enrol(AdministratorsApi admins, ApprovalsApi asking) throws Exception {
            AdministratorsSignInApi entrance =
                    new AdministratorsSignInApi(AccountsClientIT.client(request -> {}));
            String token = Made.make(admins, asking, NAME, AdminRole.SUPER_ADMIN).token();
            Authenticator authenticator = AccountsClientIT.enrol(entrance, NAME, token);
            String access =
                    entrance.signInAdmin(
                                    new AdminSignInRequest()
                                            .username(NAME)
                                            .password(PASSWORD)
                                            .code(authenticator.nextCode()))
                            .getAccessToken();
            return new Checker(
                    AccountsClientIT.client(request -> bear(request, () -> access)), authenticator);
        }

        void changePassword() throws Exception {
            AdministratorsApi me = new AdministratorsApi(client);
            assertThat(me.getAdminMe().getPermissions()).contains(AdminPermission.DECIDE_APPROVALS);
            me.changeAdminPassword(
                    new PasswordChange()
                            .password(PASSWORD)
                            .newPassword(PASSWORD + ", a new one")
                            .code(authenticator.nextCode()));
        }
    }

    /** Who is to enrol, with the token whose parts two administrators hold. */
    private record Made(String id, String token) {
        static Made make(
                AdministratorsApi admins, ApprovalsApi asking, String username, AdminRole role)
                throws Exception {
            Administrator second = Administrator.second(STACK, API);
            ApprovalsApi deciding =
                    new ApprovalsApi(
                            AccountsClientIT.client(request -> bear(request, second::token)));
            String approval =
                    admins.requestAdmin(
                                    new NewAdmin()
                                            .username(username)
                                            .role(role)
                                            .reason("a test")
                                            .reference("admin-" + username))
                            .getId();
            deciding.approve(approval);
            EnrolmentPart first = asking.takeEnrolmentPart(approval);
            return new Made(
                    first.getAdmin().getId(),
                    first.getEnrolmentPart()
                            + deciding.takeEnrolmentPart(approval).getEnrolmentPart());
        }
    }

    private static Authenticator enrol(
            AdministratorsSignInApi entrance, String username, String token) throws Exception {
        Authenticator authenticator =
                new Authenticator(
                        entrance.beginAdminEnrolment(
                                        new EnrolmentRequest()
                                                .username(username)
                                                .token(token)
                                                .password(PASSWORD))
                                .getTotpUri());
        entrance.confirmAdminEnrolment(
                new EnrolmentConfirmation()
                        .username(username)
                        .token(token)
                        .code(authenticator.nextCode()));
        return authenticator;
    }

    private static ApiClient client(Consumer<HttpRequest.Builder> interceptor) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(STACK.frontDoor().toString());
        client.setRequestInterceptor(interceptor);
        client.setResponseInterceptor(COVERED::answered);
        return client;
    }

    private static void bear(HttpRequest.Builder request, Callable<String> token) {
        try {
            request.setHeader("Authorization", "Bearer " + token.call());
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Signs a request that reads as the document says agents do. */
    private static void sign(HttpRequest.Builder builder, Wallet agent) {
        HttpRequest request = builder.build();
        String query = request.uri().getRawQuery();
        String time = Long.toString(System.currentTimeMillis());
        String signed =
                String.join(
                        "\n",
                        "Perpetua agent request",
                        STACK.frontDoor().getAuthority(),
                        request.method()
                                + " "
                                + request.uri().getRawPath()
                                + (query == null ? "" : "?" + query),
                        "",
                        time,
                        "");
        builder.setHeader("Perpetua-Agent", agent.address())
                .setHeader("Perpetua-Timestamp", time)
                .setHeader("Perpetua-Signature", agent.sign(signed));
    }

    private static ChallengeRequest address(Wallet wallet) {
        return new ChallengeRequest().address(wallet.address());
    }

    private static String wallet() {
        return Wallet.create().address();
    }

    /** The custodian's, of a notice as the client writes it. */
    private static String signature(Object notice) throws Exception {
        String body = body(notice);
        String time = Long.toString(System.currentTimeMillis());
        return CustodianDepositIT.signature(STACK.secret("custodian-secret"), time, body);
    }

    private static String body(Object notice) throws JsonProcessingException {
        return alice.client.getObjectMapper().writeValueAsString(notice);
    }

    private static Withdrawal withdraw(WithdrawalsApi withdrawals, String amount, String clientId)
            throws Exception {
        WithdrawalRequest request =
                new WithdrawalRequest()
                        .subaccountId(subaccount)
                        .asset("USDC")
                        .amount(amount)
                        .address(alice.wallet.address())
                        .clientWithdrawalId(clientId);
        return await(() -> withdrawals.requestWithdrawal(request), taken -> true);
    }

    /** One that was called off before the custodian was called for it: so try until it is. */
    private static void cancelOne(WithdrawalsApi withdrawals) throws Exception {
        for (int i = 0; i < MOST_ATTEMPTS; i++) {
            Withdrawal asked = withdraw(withdrawals, "1.5", "cancelled-" + i);
            try {
                withdrawals.cancelWithdrawal(asked.getId());
                return;
            } catch (ApiException tooLate) {
                assertThat(tooLate.getCode()).as(tooLate.getResponseBody()).isEqualTo(409);
            }
        }
        throw new AssertionError("no withdrawal could be called off");
    }

    /** One that has arrived: the simulated custodian fails now and then. */
    private static Withdrawal confirmed(WithdrawalsApi withdrawals) throws Exception {
        for (int i = 0; i < MOST_ATTEMPTS; i++) {
            String id = withdraw(withdrawals, "2.5", "confirmed-" + i).getId();
            Withdrawal ended =
                    await(
                            () -> withdrawals.getWithdrawal(id),
                            one ->
                                    one.getState() == WithdrawalState.CONFIRMED
                                            || one.getState() == WithdrawalState.RETURNED);
            if (ended.getState() == WithdrawalState.CONFIRMED) {
                return ended;
            }
        }
        throw new AssertionError("no withdrawal arrives");
    }

    /** What is answered once it is as wanted; refusals and outages pass. */
    private static <T> T await(Callable<T> attempt, Predicate<T> wanted) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            String seen;
            try {
                T found = attempt.call();
                if (wanted.test(found)) {
                    return found;
                }
                seen = found.toString();
            } catch (ApiException refused) {
                seen = refused.getCode() + " " + refused.getResponseBody();
            }
            assertThat(Instant.now()).as(seen).isBefore(deadline);
            Thread.sleep(100);
        }
    }
}
